export { type ApiAnswer, type ApiClient, type CallOptions, type ClientOptions, createClient } from './create-client.ts';
export { createTransport as fetchTransport } from './fetch-transport.ts';
export { ProblemError } from './problem-error.ts';
export { routeAddress } from './route-address.ts';
export type { Transport, TransportAnswer, TransportRequest } from './transport.ts';

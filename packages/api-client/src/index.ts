export { type ApiAnswer, type ApiClient, type CallOptions, type ClientOptions, createClient } from './create-client.ts';
export { ProblemError } from './problem-error.ts';
export { routeAddress } from './route-address.ts';
export { fetchTransport, type Transport, type TransportAnswer, type TransportRequest, undiciTransport } from './transport.ts';

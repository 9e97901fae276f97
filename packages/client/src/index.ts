export type {
  Answer,
  CallOptions,
  CallSettings,
  CodeOf,
  Operation,
  Refusal,
  ResultOf,
  Success,
} from './call-types.ts';
export type { ClientOptions, Deprecation } from './client-options.ts';
export { type Client, createClient, type OrderWatch, type SessionOperations } from './create-client.ts';
export { createEventStreamParser, type EventStreamParser, type ServerEvent } from './event-stream-parser.ts';
export type { Convenience, Groups } from './groups.ts';
export { isProblem } from './is-problem.ts';
export type * from './operation-types.ts';
export type { Page, Pages } from './pages.ts';
export { ProblemError, SignedOutError, TransportError } from './problem-error.ts';
export type { Session, TokenStore, Tokens } from './session.ts';
export type { Timing } from './timing.ts';
export type { WatchSettings } from './watch-order.ts';

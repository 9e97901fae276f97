/** The types of a call: what is given, what comes back. */
import type { DeclaredRoute, GeneralCode, OperationName, OperationShape, Operations, ShapeOfRoute } from './operation-types.ts';
import type { ProblemError } from './problem-error.ts';

/** An operation by its name, such as `'placeOrder'`; within the repository also by its declaration. */
export type Operation = OperationName | DeclaredRoute;

export type ShapeOf<O extends Operation> = O extends OperationName ? Operations[O] : O extends DeclaredRoute ? ShapeOfRoute<O> : never;

/** The codes an operation is refused with. A code that is newer than this client is a string like any other. */
export type CodeOf<O extends Operation> = (ShapeOf<O>['code'] & string) | GeneralCode;

/** Body of a success; with a status, of that one. */
export type ResultOf<O extends Operation> = ValueOf<ShapeOf<O>>;
type ValueOf<Shape> = Shape extends OperationShape ? Shape['responses'][keyof Shape['responses']] : never;
export type StatusOf<O extends Operation> = keyof ShapeOf<O>['responses'] & number;
export type ResultAt<O extends Operation, Status> = Status extends keyof ShapeOf<O>['responses'] ? ShapeOf<O>['responses'][Status] : never;

export interface CallSettings {
  headers?: Readonly<Record<string, string>>;
  /** Instead of that of the client or its session; null sends none. */
  token?: string | null;
  /** Made by the client for operations that honour it, unless its retries are off. */
  idempotency_key?: string;
  /** Holds the answer for at most so many seconds until what was begun has ended (`Prefer: wait=N`). */
  wait_s?: number;
  correlation_id?: string;
  /** Body of an operation that takes something else than JSON. */
  content?: string | AsyncIterable<Uint8Array>;
  /** Longest wait for one answer, in milliseconds; instead of the client's. */
  timeout_ms?: number;
  /** Most repetitions of this call; instead of the client's. */
  retries?: number;
  /** Ends the call at once, whatever it waits for; it then throws the reason of the signal. */
  signal?: AbortSignal;
}

/** What an operation takes; what it does not declare is not accepted. */
export type CallOptions<O extends Operation> = Needed<'params', ShapeOf<O>['params']> &
  Possible<'query', ShapeOf<O>['query']> &
  Possible<'body', ShapeOf<O>['body']> &
  CallSettings;

type Needed<Name extends string, Value> = [Value] extends [undefined] ? { [K in Name]?: undefined } : { [K in Name]: Value };
type Possible<Name extends string, Value> = [Value] extends [undefined] ? { [K in Name]?: undefined } : { [K in Name]?: Value };

/** Options may be left out where nothing has to be given. */
export type CallArguments<O extends Operation> =
  Record<never, never> extends CallOptions<O> ? [options?: CallOptions<O>] : [options: CallOptions<O>];

interface AnswerHead {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Address of the next page, from the Link header. */
  next: string | undefined;
  /** The body as it came. */
  text: string;
}

export interface Success<Body> extends AnswerHead {
  ok: true;
  body: Body;
  code?: undefined;
}

export interface Refusal<Code extends string> extends AnswerHead {
  ok: false;
  /** Never there: a refusal has an `error`. */
  body?: undefined;
  code: Code;
  error: ProblemError<Code>;
}

export type Answer<O extends Operation> = Success<ResultOf<O>> | Refusal<CodeOf<O> | UnknownCode>;

/** Any other text, without hiding the known ones from completion and comparison. */
export type UnknownCode = string & Record<never, never>;

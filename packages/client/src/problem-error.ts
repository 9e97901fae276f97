import type { Problem } from './operation-types.ts';

/** What a refusal is made of. */
export interface RefusedRequest {
  /** Name of the operation; method and path for one that was called by its declaration. */
  operation: string;
  /** Method and path. */
  request: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  problem: Partial<Problem>;
  retry_after_s: number | undefined;
  idempotency_key: string | undefined;
}

/** A request was refused: the problem document as it came, and what to do with it. */
export class ProblemError<Code extends string = string> extends Error {
  override readonly name = 'ProblemError';
  readonly operation: string;
  readonly status: number;
  /** The stable code, such as `order_not_cancellable`; `unknown` when the answer was no problem document. */
  readonly code: Code;
  /** A sentence for developers. */
  readonly detail: string;
  /** The members that are wrong, as JSON pointers. */
  readonly errors: readonly { pointer: string; detail: string }[];
  /** Seconds after which a repetition makes sense, where the answer says so. */
  readonly retry_after_s: number | undefined;
  /** Finds the request in the logs of the shop. */
  readonly correlation_id: string | undefined;
  /** The key that was sent: the same request may be repeated with it. */
  readonly idempotency_key: string | undefined;
  readonly problem: Partial<Problem>;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ operation, request, status, problem, headers, retry_after_s, idempotency_key }: RefusedRequest) {
    const code = problem.code ?? (status === 304 ? 'not_modified' : 'unknown');
    const errors = problem.errors ?? [];
    const members = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    super(`${request} answered ${status} ${code}: ${problem.detail ?? 'no problem document'}${members === '' ? '' : ` (${members})`}`);
    this.operation = operation;
    this.status = status;
    this.code = code as Code;
    this.detail = problem.detail ?? '';
    this.errors = errors;
    this.retry_after_s = retry_after_s;
    this.correlation_id = problem.correlation_id ?? headers['x-correlation-id'];
    this.idempotency_key = idempotency_key;
    this.problem = problem;
    this.headers = headers;
  }
}

/** No readable answer came: the network failed, or the time limit passed. Whether the request had an effect is unknown. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: 'network' | 'timeout' | 'unreadable';
  /** The key that was sent: the same request may be repeated with it. */
  readonly idempotency_key: string | undefined;

  constructor(request: string, code: 'network' | 'timeout' | 'unreadable', cause: unknown, idempotency_key?: string) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const words = {
      network: `got no answer: ${reason}`,
      timeout: 'got no answer in time',
      unreadable: `got an unreadable answer: ${reason}`,
    };
    super(`${request} ${words[code]}`, { cause });
    this.code = code;
    this.idempotency_key = idempotency_key;
  }
}

/** There is no session any more, or none was begun: sign in again. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
  readonly code = 'signed_out';

  constructor(detail: string, cause?: unknown) {
    super(`${detail} Sign in again.`, { cause });
  }
}

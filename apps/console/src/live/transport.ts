/** Requests to the API of the shop. The session is a cookie that no script can read; the browser sends it along. */
import { addressOf, linkTo, retryAfterS } from '@souk/client/address';
import type { BodyOf, ParamsOf, Problem, QueryOf, ResponseOf, RouteDeclaration } from '@souk/contracts';

export interface Input<R extends RouteDeclaration> {
  params?: ParamsOf<R>;
  query?: QueryOf<R>;
  body?: BodyOf<R>;
  /** Sent as it is instead of a body, with its content type. */
  file?: { readonly content: Blob; readonly type: string };
  /** A command with the same key has its effect once. */
  idempotency_key?: string;
  /** The entity tag that the change is made for. */
  if_match?: string;
  signal?: AbortSignal;
}

export interface Reply<Body> {
  readonly body: Body;
  readonly etag: string | undefined;
  /** Of the next page of a list. */
  readonly next_cursor: string | undefined;
}

/** The shop answered, and refused. */
export class RefusedError extends Error {
  readonly problem: Problem;
  readonly retry_after_ms: number | undefined;

  constructor(problem: Problem, retry_after_ms: number | undefined) {
    super(problem.detail);
    this.problem = problem;
    this.retry_after_ms = retry_after_ms;
  }
}

/** No answer: it is not known whether the request arrived. */
export class UnansweredError extends Error {}

export type Ask = <R extends RouteDeclaration>(route: R, input?: Input<R>) => Promise<Reply<Exclude<ResponseOf<R>, undefined>>>;

const timeoutMs = 30_000;
/** As long as the shop takes one. */
const fileTimeoutMs = 600_000;
const msInS = 1_000;
/** The gateway could not reach the service, or waited too long for it: what it was asked may have been done. */
const unknownStatuses: ReadonlySet<number> = new Set([502, 504]);

/** Throws `RefusedError` and `UnansweredError`, and what `signal` was aborted with. */
export function createAsk(send: typeof fetch, signedOut: () => void): Ask {
  return async (route, input = {}) => {
    const { signal, ...given } = input;
    const limit = AbortSignal.timeout(given.file === undefined ? timeoutMs : fileTimeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await send(addressOf(route.path, given.params, given.query), {
        method: route.method,
        credentials: 'same-origin',
        headers: headersOf(given),
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
        ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
        ...(given.file !== undefined && { body: given.file.content }),
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new UnansweredError('The server cannot be reached.', { cause: error });
    }
    const body = jsonIn(text);
    if (!response.ok) {
      const problem = problemIn(response.status, body);
      if (response.status === 401) signedOut();
      if (route.method !== 'GET' && unknownStatuses.has(response.status)) throw new UnansweredError(problem.detail);
      const wait_s = retryAfterS(response.headers.get('retry-after') ?? undefined, Date.now());
      throw new RefusedError(problem, wait_s === undefined ? undefined : wait_s * msInS);
    }
    return {
      body: body as never,
      etag: response.headers.get('etag') ?? undefined,
      next_cursor: cursorIn(response.headers.get('link')),
    };
  };
}

function headersOf({
  body,
  file,
  idempotency_key,
  if_match,
}: Pick<Input<RouteDeclaration>, 'body' | 'file' | 'idempotency_key' | 'if_match'>) {
  return {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(file !== undefined && { 'content-type': file.type }),
    ...(idempotency_key !== undefined && { 'idempotency-key': idempotency_key }),
    ...(if_match !== undefined && { 'if-match': if_match }),
  };
}

function jsonIn(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    // A page of something between the browser and the shop.
    return undefined;
  }
}

function problemIn(status: number, body: unknown): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  const detail = `The server answered ${status} without saying why.`;
  return { type: 'about:blank', title: detail, status, detail, instance: '', code: 'unknown', correlation_id: '' };
}

function cursorIn(link: string | null): string | undefined {
  const address = linkTo('next', link ?? undefined);
  return address === undefined ? undefined : (new URLSearchParams(address.split('?')[1]).get('cursor') ?? undefined);
}

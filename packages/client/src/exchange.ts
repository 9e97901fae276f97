/** One request and its answer: nothing is repeated here. */
import { linkTo } from './address.ts';
import type { CallSettings } from './call-types.ts';
import type { Problem } from './operation-types.ts';
import { ProblemError, TransportError } from './problem-error.ts';
import type { Timing } from './timing.ts';

export interface PreparedRequest {
  /** Name of the operation, for errors. */
  operation: string;
  /** Method and path, for errors. */
  title: string;
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: CallSettings['content'];
  timeout_ms: number;
  signal: AbortSignal | undefined;
  idempotency_key: string | undefined;
  /** A success of anything else is not from the shop: the page of a proxy, or of a network that wants a sign-in. */
  expects_json: boolean;
  /** An empty answer is an empty text then, not nothing. */
  expects_text: boolean;
}

/** An answer before the compiler knows of which operation. */
export type AnyAnswer = {
  status: number;
  headers: Readonly<Record<string, string>>;
  next: string | undefined;
  text: string;
} & ({ ok: true; body: unknown; code?: undefined } | { ok: false; body?: undefined; code: string; error: ProblemError });

/**
 * Sends the request and reads the answer. Throws the reason of the signal when it was aborted, otherwise `TransportError` when no
 * readable answer came within the time limit.
 */
export async function exchange(fetcher: typeof fetch, request: PreparedRequest, retryAfter: (header?: string) => number | undefined) {
  const { title, idempotency_key, signal } = request;
  const limit = AbortSignal.timeout(request.timeout_ms);
  let answer: Response;
  let text: string;
  try {
    answer = await fetcher(request.url, initOf(request, signal ? AbortSignal.any([signal, limit]) : limit));
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new TransportError(title, limit.aborted ? 'timeout' : 'network', reasonOf(error), idempotency_key);
  }
  if (answer.status === 0) throw new TransportError(title, 'unreadable', new Error('it leads to another address'), idempotency_key);
  const headers = Object.fromEntries(answer.headers);
  return answerOf(request, answer.status, headers, text, retryAfter(headers['retry-after']));
}

/**
 * Opens an event stream. Answers a `ProblemError` for a refusal, undefined for 204; the time limit holds until the answer begins.
 * Throws as `exchange` does.
 */
export async function openStream(
  fetcher: typeof fetch,
  request: PreparedRequest,
  timing: Timing,
  retryAfter: (header?: string) => number | undefined,
): Promise<ReadableStream<Uint8Array> | ProblemError | undefined> {
  const { title, signal } = request;
  const limit = new AbortController();
  const cancel = timing.timer(request.timeout_ms, () => limit.abort());
  const headers = { accept: 'text/event-stream', ...request.headers };
  try {
    const answer = await fetcher(request.url, {
      ...initOf({ ...request, headers }, signal ? AbortSignal.any([signal, limit.signal]) : limit.signal),
      cache: 'no-store',
    });
    if (answer.status === 204) return undefined;
    const received = Object.fromEntries(answer.headers);
    if (answer.status === 200 && received['content-type']?.startsWith('text/event-stream') && answer.body !== null) return answer.body;
    const refused = answerOf(request, answer.status, received, await answer.text(), retryAfter(received['retry-after']));
    if (!refused.ok) return refused.error;
    // A 200 of something else: there is no stream here.
    return new ProblemError({ ...refusalOf(request), status: 406, headers: received, problem: { detail: 'it is no event stream' } });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new TransportError(title, limit.signal.aborted ? 'timeout' : 'network', reasonOf(error));
  } finally {
    cancel();
  }
}

function initOf({ method, headers, body }: PreparedRequest, signal: AbortSignal): RequestInit {
  const streamed = body !== undefined && typeof body === 'object' && Symbol.asyncIterator in body;
  const init = { method, headers, signal, redirect: 'manual', ...(body !== undefined && { body }), ...(streamed && { duplex: 'half' }) };
  return init as RequestInit;
}

/** `fetch` says no more than that it failed; why is in the cause. */
function reasonOf(error: unknown): unknown {
  return error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}

function answerOf(
  request: PreparedRequest,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
  retry_after_s: number | undefined,
): AnyAnswer {
  const head = { status, headers, next: linkTo('next', headers['link']), text };
  const isJson = /[/+]json\b/.test(headers['content-type'] ?? '');
  if (status < 300) return { ...head, ok: true, body: status === 204 ? undefined : bodyOf(request, isJson, text) };
  const problem = (isJson && parsed(text)) || { detail: text.slice(0, 500) || 'no problem document' };
  const error = new ProblemError({ ...refusalOf(request), status, headers, problem, retry_after_s });
  return { ...head, ok: false, code: error.code, error };
}

function refusalOf({ operation, title, idempotency_key }: PreparedRequest) {
  return { operation, request: title, idempotency_key, retry_after_s: undefined };
}

function bodyOf({ title, idempotency_key, expects_json, expects_text }: PreparedRequest, isJson: boolean, text: string): unknown {
  if (text === '') return expects_text ? text : undefined;
  if (!isJson && expects_json) throw new TransportError(title, 'unreadable', new Error('it is no JSON'), idempotency_key);
  if (!isJson) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TransportError(title, 'unreadable', error, idempotency_key);
  }
}

/** The problem document; undefined when the text is none, as of a proxy that cut it off. */
function parsed(text: string): Partial<Problem> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

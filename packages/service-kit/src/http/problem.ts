/** The only place where errors become HTTP: each refusal a problem document (RFC 9457), each bug a 500 without details. */
import { type ErrorEntry, errorEntry, errorTable, type Problem, refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { sqlState } from '@souk/postgres';
import { uncached } from './caching.ts';

export const problemType = 'application/problem+json; charset=utf-8';

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  problem: Problem;
  /** The error is a fault of ours, to be logged with its stack. */
  fault: boolean;
}

const retryAfterSeconds = 1;
const invalidRequest = 400;

/** The answer to an error: what is sent to the client, with the headers that belong to it. */
export function problemOf(error: unknown, instance: string, correlation_id: string): ProblemAnswer {
  const known = asRefusal(error);
  const entry: ErrorEntry = errorEntry(known.code) ?? errorTable.internal;
  const hidden = entry.status === 500;
  const status = statusOf(entry, known);
  const problem: Problem = {
    type: `/problems/${hidden ? 'internal' : known.code}`,
    title: hidden ? errorTable.internal.title : entry.title,
    status,
    detail: hidden ? errorTable.internal.advice : known.message,
    instance,
    code: hidden ? 'internal' : known.code,
    correlation_id,
  };
  if (!hidden) Object.assign(problem, findingsOf(known, status));
  return { status, headers: headersOf(status, known), problem, fault: hidden };
}

/**
 * Every refusal of what a request says names the members; what is wrong with it as a whole has the empty pointer. A total that has
 * changed comes with the quote of now, and what is at another version as it is.
 */
function findingsOf({ message, details }: AppError, status: number): Pick<Problem, 'errors' | 'current' | 'quote'> {
  const { errors, pointer, current, quote } = details;
  if (current !== undefined) return { current };
  if (quote !== undefined) return { quote: quote as NonNullable<Problem['quote']> };
  if (Array.isArray(errors)) return { errors: errors as NonNullable<Problem['errors']> };
  if (status !== invalidRequest && pointer === undefined) return {};
  return { errors: [{ pointer: typeof pointer === 'string' ? pointer : '', detail: message }] };
}

/** A refusal has the status of its code; only an injected fault has the status its specification names. */
function statusOf(entry: ErrorEntry, { code, details }: AppError): number {
  return code === 'chaos_injected' && typeof details['status'] === 'number' ? details['status'] : entry.status;
}

function headersOf(status: number, known: AppError): Record<string, string> {
  const headers: Record<string, string> = { 'cache-control': uncached };
  const { retry_after_s, allow, length, accept_encoding } = known.details;
  if (status === 429 || status === 503)
    headers['retry-after'] = String(typeof retry_after_s === 'number' ? Math.max(1, Math.ceil(retry_after_s)) : retryAfterSeconds);
  if (status === 401) headers['www-authenticate'] = known.code === 'token_invalid' ? 'Bearer error="invalid_token"' : 'Bearer';
  if (status === 405 && typeof allow === 'string') headers['allow'] = allow;
  // Whether there is an answer depends on what was accepted, and a cache must know that (RFC 9110, section 12.5.5).
  if (status === 406) headers['vary'] = 'Accept';
  // RFC 9110, section 15.5.16: it is the coding that is refused, and this is the one that is taken.
  if (status === 415 && typeof accept_encoding === 'string') headers['accept-encoding'] = accept_encoding;
  if (status === 416 && typeof length === 'number') headers['content-range'] = `bytes */${length}`;
  // Upgrade is for this connection only, and Connection says so (RFC 9110, section 7.8).
  if (known.code === 'upgrade_required') Object.assign(headers, { upgrade: 'websocket', connection: 'upgrade' });
  if (status === 413 || known.code === 'shutting_down' || status === 408) headers['connection'] = 'close';
  return headers;
}

/** States of PostgreSQL that say the text itself cannot be kept: a fault of the request, wherever it slipped through. */
const badTextStates = new Set(['22021', '22P05']);

/** The framework's own refusals and PostgreSQL's about text, as ours; everything else as it is, or as a bug. */
export function asRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refusal('body_too_large', 'The body is larger than this route takes.', {}, error);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refusal('media_type_unsupported', undefined, {}, error);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refusal('validation_failed', 'The body is not as long as Content-Length says.', {}, error);
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return refusal('validation_failed', 'The address is not encoded correctly.', {}, error);
    default:
      if (isClientFault(error)) return refusal('validation_failed', 'This is not a valid HTTP request.', {}, error);
      if (badTextStates.has(sqlState(error) ?? ''))
        return refusal('validation_failed', 'A text holds a character that cannot be kept.', {}, error);
      return new AppError('internal', error instanceof Error ? error.message : String(error), {}, error);
  }
}

/** The framework's own word for a request that it cannot take, whichever it is. */
function isClientFault(error: unknown): boolean {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
}

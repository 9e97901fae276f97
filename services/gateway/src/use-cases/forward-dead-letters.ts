/** Dead letters belong to the service that gave them up; staff reach them here, the service is asked with the internal token. */
import { errorEntry, refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';

export interface DeadLetterErrand {
  method: 'GET' | 'POST' | 'DELETE';
  service: string;
  /** What follows `/internal/dead-letters`, the query included. */
  rest: string;
  body?: Buffer;
  correlation_id: string;
  traceparent: string;
  signal: AbortSignal;
}

export interface DeadLetterAnswer {
  status: number;
  body: unknown;
  /** The query of the next page. */
  next: string | undefined;
}

const timeoutMs = 10_000;

/** Throws the service's own refusal, or `service_unavailable` when it is away. */
export async function forwardDeadLetters(context: GatewayContext, errand: DeadLetterErrand): Promise<DeadLetterAnswer> {
  const { method, service, rest, body, correlation_id, traceparent, signal } = errand;
  const headers = {
    authorization: `Bearer ${context.config.internal_token}`,
    'x-correlation-id': correlation_id,
    traceparent,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const question = {
    method,
    path: `/internal/dead-letters${rest}`,
    headers,
    timeout_ms: timeoutMs,
    signal,
    ...(body === undefined ? {} : { body }),
  };
  const answer = await context.asker.ask(service, question);
  if (answer.status >= 400) throw asOwn(service, answer);
  const link = answer.headers['link'];
  return { status: answer.status, body: answer.body, next: typeof link === 'string' ? /<[^>?]*\?([^>]*)>/.exec(link)?.[1] : undefined };
}

function asOwn(service: string, { status, body }: { status: number; body: unknown }): AppError {
  const { code, detail, errors } = (body ?? {}) as { code?: string; detail?: string; errors?: unknown };
  if (status < 500 && code !== undefined && errorEntry(code)?.status === status)
    return new AppError(code, detail ?? 'Refused.', { ...(errors ? { errors } : {}) });
  return refusal('service_unavailable', `${service} does not answer at the moment.`, { service });
}

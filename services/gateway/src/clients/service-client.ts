/** The gateway's own requests to services (joined answers, health, keys): small JSON answers, chosen and limited like proxied ones. */
import { refusal } from '@souk/contracts';
import { type Instance, originOf, type Resolver } from '@souk/discovery';
import { isConnectFailure } from '@souk/kernel';
import { failureOf, spanAnswered, startAttemptSpan, type Tracer } from '@souk/telemetry/tracing';
import type { Fields } from '../domain/answer-fields.ts';
import type { PlainAnswer, Upstream, UpstreamRequest } from '../domain/upstream.ts';
import type { PassiveHealth } from './passive-health.ts';

import type { UpstreamPools } from './upstream-pools.ts';

export interface Question {
  path: string;
  /** Sent as JSON with POST; without one it is a GET. What it asks must change nothing: it may be asked twice. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  timeout_ms: number;
  signal?: AbortSignal;
}

export interface JsonAnswer {
  status: number;
  body: unknown;
  headers: Readonly<Record<string, string | undefined>>;
}

export interface ServiceClient {
  /** As `ask`, with the answer as it came. */
  fetch(service: string, question: Question): Promise<PlainAnswer>;
  /** Asks an instance of the service, and another one when the first cannot be reached. Throws `service_unavailable`. */
  ask(service: string, question: Question): Promise<JsonAnswer>;
  /** Asks this instance. Throws whatever went wrong. */
  askInstance(instance: Instance, question: Question): Promise<JsonAnswer>;
}

const answerBytesMax = 8_388_608;
const attemptsMax = 2;
/** How long an instance may take while another one could be asked. */
const attemptTimeoutMs = 700;

export function createServiceClient({
  resolver,
  passive_health,
  pools,
  tracer,
}: {
  resolver: Resolver;
  passive_health: PassiveHealth;
  pools: UpstreamPools;
  tracer: Tracer;
}): ServiceClient {
  const attempt = (instance: Instance, question: Question): Promise<PlainAnswer> => {
    const limit = AbortSignal.timeout(question.timeout_ms);
    const signal = question.signal ? AbortSignal.any([question.signal, limit]) : limit;
    return collect(pools.of(instance), requestOf(question), signal);
  };
  const fetchFrom = async (instance: Instance, question: Question, before = 0): Promise<PlainAnswer> => {
    const { headers = {} } = question;
    const path = question.path.split('?', 1)[0] ?? '';
    const start = {
      parent: headers['traceparent'],
      method: methodOf(question),
      path: addressWithoutIds(path),
      service: instance.name,
      instance,
    };
    const span = startAttemptSpan(tracer, start, before);
    if (span === undefined) return attempt(instance, question);
    try {
      const answer = await attempt(instance, { ...question, headers: { ...headers, traceparent: span.traceparent } });
      spanAnswered(span, answer.status);
      return answer;
    } catch (error) {
      span.fail(failureOf(error));
      throw error;
    } finally {
      span.end();
    }
  };
  const fetch = async (service: string, question: Question): Promise<PlainAnswer> => {
    const tried: string[] = [];
    let cause: unknown;
    while (tried.length < attemptsMax) {
      const instance = passive_health.pick(service, { exclude: tried });
      if (!instance) break;
      // Another instance gets its chance before the time is up.
      const is_last = tried.length + 1 === attemptsMax || !passive_health.hasAlternative(instance);
      const timeout_ms = is_last ? question.timeout_ms : Math.min(question.timeout_ms, attemptTimeoutMs);
      try {
        return await fetchFrom(instance, { ...question, timeout_ms }, tried.length);
      } catch (error) {
        passive_health.suspect(instance);
        if (question.signal?.aborted) throw error;
        cause = error;
        tried.push(instance.instance_id);
        if (isConnectFailure(error)) resolver.markUnhealthy(instance, `${originOf(instance)} cannot be reached`);
      }
    }
    throw refusal('service_unavailable', `${service} does not answer at the moment.`, { service }, cause);
  };
  return {
    fetch,
    ask: async (service, question) => jsonOf(await fetch(service, question)),
    askInstance: async (instance, question) => jsonOf(await fetchFrom(instance, question)),
  };
}

function methodOf({ body }: Question): string {
  return body === undefined ? 'GET' : 'POST';
}

function requestOf(question: Question): UpstreamRequest {
  const { path, headers = {}, body } = question;
  const list = Object.entries(headers).flat();
  if (body !== undefined) list.push('content-type', 'application/json');
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return { method: methodOf(question), path, headers: list, body: bytes, body_length: undefined };
}

function jsonOf({ status, fields, body }: PlainAnswer): JsonAnswer {
  return { status, headers: Object.fromEntries(pairsOf(fields)), body: body.length === 0 ? undefined : JSON.parse(body.toString('utf8')) };
}

/** `/api/orders/{}` for any order: names of spans come from a small set. */
function addressWithoutIds(path: string): string {
  return path.replaceAll(/\/[0-9a-f-]{36}|\/\d+/g, '/{}');
}

/** Sends a request and collects its answer. Throws what ended it early, and the reason of the signal. */
function collect(upstream: Upstream, request: UpstreamRequest, signal: AbortSignal): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const chunks: Buffer[] = [];
    let head: { status: number; fields: Fields } = { status: 0, fields: [] };
    let bytes = 0;
    const abort = (): void => flight.abort(signal.reason as Error);
    const flight = upstream.send(request, {
      sent: () => undefined,
      head: (status, fields) => {
        head = { status, fields };
      },
      data: (piece) => {
        bytes += piece.length;
        if (bytes > answerBytesMax) flight.abort(new Error('the answer is too long'));
        else chunks.push(Buffer.from(piece));
        return false;
      },
      end: () => {
        signal.removeEventListener('abort', abort);
        resolve({ ...head, body: Buffer.concat(chunks) });
      },
      failed: (error) => {
        signal.removeEventListener('abort', abort);
        reject(error);
      },
    });
    signal.addEventListener('abort', abort);
  });
}

function* pairsOf(fields: Fields): Generator<[string, string]> {
  for (let at = 0; at < fields.length; at += 2) yield [fields[at] as string, fields[at + 1] as string];
}

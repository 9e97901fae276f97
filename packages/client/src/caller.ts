/** Calls an operation: chooses the token, repeats where that is safe, renews the session once. */
import { addressOf, linkTo, retryAfterS } from './address.ts';
import type { CallSettings, Operation } from './call-types.ts';
import type { ClientOptions } from './client-options.ts';
import { type AnyAnswer, exchange, openStream, type PreparedRequest } from './exchange.ts';
import { operations } from './operations.ts';
import { ProblemError, TransportError } from './problem-error.ts';
import { isPassingStatus, type RetryBudget, repetitionDelayMs, retriesDefault } from './repetition.ts';
import type { Session } from './session.ts';
import { pause, systemTiming, withSignal } from './timing.ts';

/** Settings before the compiler knows of which operation. */
export interface AnySettings extends CallSettings {
  params?: unknown;
  query?: unknown;
  body?: unknown;
  /** Instead of path and query: the address of a further page. */
  address?: string;
}

export interface Entry {
  method: string;
  path: string;
  access: string;
  idempotent?: boolean;
  paged?: boolean;
  /** Where the input of a convenience goes. */
  takes?: 'body' | 'query' | 'content';
  body_type?: string;
  /** Everything else answers JSON. */
  answers?: 'text';
}

export interface Caller {
  call(operation: Operation, settings?: AnySettings): Promise<AnyAnswer>;
  /** An event stream; undefined when the server has nothing more to say (204). Throws `ProblemError` for a refusal. */
  stream(path: string, settings: AnySettings): Promise<ReadableStream<Uint8Array> | undefined>;
  /** The absolute address of a path below the base. Throws for an address of another origin: it would get the token. */
  urlOf(address: string): string;
}

/** What the clients made of one by `with` have in common. */
export interface Shared {
  budget: RetryBudget;
  /** Operations whose deprecation was reported. */
  reported: Set<string>;
}

const timeoutDefaultMs = 30_000;

/** The entry of an operation that is given by name or declaration, and its name. Throws for a name that is unknown. */
export function entryOf(operation: Operation): { name: string; entry: Entry } {
  if (typeof operation !== 'string') return { name: `${operation.method} ${operation.path}`, entry: operation };
  if (!Object.hasOwn(operations, operation)) throw new TypeError(`There is no operation ${String(operation)}.`);
  return { name: operation, entry: operations[operation] };
}

/** A caller for one origin; `session` gives the tokens where neither call nor client does. */
export function createCaller(options: ClientOptions, shared: Shared, session: () => Session): Caller {
  const timing = options.timing ?? systemTiming;
  const fetcher = options.fetch ?? ((...given: Parameters<typeof fetch>) => fetch(...given));
  const base = baseOf(options.base_url);
  const urlOf = (address: string): string => {
    const url = new URL(address, base);
    if (url.origin !== base.origin) throw new TypeError(`${address} is not an address of ${base.origin}`);
    return url.href;
  };
  const retryAfter = (header?: string): number | undefined => retryAfterS(header, timing.now());

  /** One attempt, and another one at once with a renewed token when the session's was refused. */
  const withToken = async <T>(
    settings: AnySettings,
    entry: Entry,
    send: (headers: Record<string, string>) => Promise<T>,
    isRefused: (answer: T) => boolean,
  ): Promise<T> => {
    const { token, renewable } = await tokenFor(options, settings, entry, session);
    const answer = await send(bearer(token));
    if (!renewable || token === undefined || !isRefused(answer) || isStreamed(settings)) return answer;
    return send(bearer(await withSignal(session().replace(token), settings.signal)));
  };
  const attempt = (prepared: PreparedRequest, settings: AnySettings, entry: Entry): Promise<AnyAnswer> =>
    withToken(
      settings,
      entry,
      (authorization) => exchange(fetcher, { ...prepared, headers: { ...authorization, ...prepared.headers } }, retryAfter),
      ({ code }) => code === 'token_invalid',
    );

  const call = async (operation: Operation, settings: AnySettings = {}): Promise<AnyAnswer> => {
    const { name, entry } = entryOf(operation);
    const retries_max = settings.retries ?? options.retries ?? retriesDefault;
    const prepared = prepare(options, settings, { name, entry, retries_max, urlOf });
    const isSafe = entry.method === 'GET' || (entry.idempotent === true && prepared.idempotency_key !== undefined);
    const repeatable = isSafe && !isStreamed(settings);
    settings.signal?.throwIfAborted();
    shared.budget.onRequest();
    for (let retry = 0; ; retry += 1) {
      const outcome = await attempt(prepared, settings, entry).catch((error: unknown) => passingFailure(error));
      const isFailure = outcome instanceof TransportError;
      if (!isFailure) reportDeprecation(options, shared, name, entry, outcome.headers);
      const isPassing = isFailure || isPassingStatus(outcome.status);
      const retry_after_s = isFailure || outcome.ok ? undefined : outcome.error.retry_after_s;
      const delay_ms = isPassing && repeatable && retry < retries_max ? repetitionDelayMs(timing, retry, retry_after_s) : undefined;
      if (delay_ms === undefined || !shared.budget.take()) {
        if (isFailure) throw outcome;
        return outcome;
      }
      await pause(timing, delay_ms, settings.signal);
    }
  };
  const stream = async (path: string, settings: AnySettings): Promise<ReadableStream<Uint8Array> | undefined> => {
    const entry = { method: 'GET', path, access: 'authenticated' };
    const prepared = prepare(options, settings, { name: `GET ${path}`, entry, retries_max: 0, urlOf });
    const opened = await withToken(
      settings,
      entry,
      (authorization) => openStream(fetcher, { ...prepared, headers: { ...authorization, ...prepared.headers } }, timing, retryAfter),
      (answer) => answer instanceof ProblemError && answer.code === 'token_invalid',
    );
    if (opened instanceof ProblemError) throw opened;
    return opened;
  };
  return { call, stream, urlOf };
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

interface Preparation {
  name: string;
  entry: Entry;
  retries_max: number;
  urlOf(address: string): string;
}

function prepare(options: ClientOptions, settings: AnySettings, { name, entry, retries_max, urlOf }: Preparation): PreparedRequest {
  const { body, content, wait_s } = settings;
  const correlation_id = settings.correlation_id ?? options.correlation_id;
  const made = entry.idempotent === true && retries_max > 0 ? newKey() : undefined;
  const idempotency_key = settings.idempotency_key ?? made;
  return {
    operation: name,
    title: `${entry.method} ${entry.path}`,
    method: entry.method,
    url: urlOf(settings.address ?? addressOf(entry.path, settings.params, settings.query)),
    headers: {
      ...((body !== undefined || content !== undefined) && { 'content-type': entry.body_type ?? 'application/json' }),
      ...(correlation_id !== undefined && { 'x-correlation-id': correlation_id }),
      ...(idempotency_key !== undefined && { 'idempotency-key': idempotency_key }),
      ...(wait_s !== undefined && { prefer: `wait=${wait_s}` }),
      ...settings.headers,
    },
    body: content ?? (body === undefined ? undefined : JSON.stringify(body)),
    timeout_ms: settings.timeout_ms ?? (options.timeout_ms ?? timeoutDefaultMs) + (wait_s ?? 0) * 1_000,
    signal: settings.signal,
    idempotency_key,
    expects_json: name in operations && entry.answers !== 'text',
    expects_text: entry.answers === 'text',
  };
}

/** A token of the session is not sent to a public operation that changes something: signing in is one. */
async function tokenFor(
  options: ClientOptions,
  settings: AnySettings,
  entry: Entry,
  session: () => Session,
): Promise<{ token: string | undefined; renewable: boolean }> {
  if (settings.token !== undefined) return { token: settings.token ?? undefined, renewable: false };
  if (options.token !== undefined)
    return { token: typeof options.token === 'function' ? await options.token() : options.token, renewable: false };
  if (entry.access === 'public' && entry.method !== 'GET') return { token: undefined, renewable: false };
  return { token: await withSignal(session().accessToken(), settings.signal), renewable: true };
}

/** A failure after which the request may be repeated; any other one is thrown. */
function passingFailure(error: unknown): TransportError {
  if (error instanceof TransportError && error.code !== 'unreadable') return error;
  throw error;
}

function isStreamed({ content }: AnySettings): boolean {
  return typeof content === 'object' && Symbol.asyncIterator in content;
}

/** 128 random bits; `randomUUID` is missing on pages that came without TLS. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function baseOf(base_url: string | undefined): URL {
  const given = base_url ?? (globalThis as { location?: { origin: string } }).location?.origin;
  if (given === undefined || !URL.canParse(given))
    throw new TypeError('base_url is needed: the address of the shop, such as https://shop.example');
  return new URL(given);
}

function reportDeprecation(
  options: ClientOptions,
  { reported }: Shared,
  operation: string,
  { method, path }: Entry,
  headers: Readonly<Record<string, string>>,
): void {
  const { deprecation, sunset, link } = headers;
  if ((deprecation === undefined && sunset === undefined) || options.onDeprecation === undefined || reported.has(operation)) return;
  reported.add(operation);
  const [, since_s] = /^@(\d{1,12})$/.exec(deprecation ?? '') ?? [];
  const sunset_ms = Date.parse(sunset ?? '');
  options.onDeprecation({
    operation,
    method,
    path,
    since: since_s === undefined ? undefined : new Date(Number(since_s) * 1_000),
    sunset: Number.isNaN(sunset_ms) ? undefined : new Date(sunset_ms),
    link: linkTo('deprecation', link),
  });
}

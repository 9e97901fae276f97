/** A client of the whole API: one call for every operation, and the operations by what they are about. */
import type { Answer, CallArguments, CallOptions, CodeOf, Operation, ResultAt, ResultOf, StatusOf, Success } from './call-types.ts';
import { type AnySettings, type Caller, createCaller, entryOf, type Shared } from './caller.ts';
import type { ClientOptions } from './client-options.ts';
import type { AnyAnswer } from './exchange.ts';
import { type Groups, groups } from './groups.ts';
import type { OperationName, Operations, OrderTransition, Problem, TokenPair } from './operation-types.ts';
import { createPages, type Page, type Pages } from './pages.ts';
import { ProblemError, SignedOutError } from './problem-error.ts';
import { createRetryBudget } from './repetition.ts';
import { createSession, memoryTokenStore, type Session } from './session.ts';
import { systemTiming } from './timing.ts';
import { type WatchSettings, watchOrder } from './watch-order.ts';

export interface CoreClient {
  /** The answer, refusals included (`ok` distinguishes them). Throws `TransportError` when none came, the reason when aborted. */
  call<O extends Operation>(operation: O, ...given: CallArguments<O>): Promise<Answer<O>>;
  /** The body of a success; throws `ProblemError` for a refusal. */
  must<O extends Operation>(operation: O, ...given: CallArguments<O>): Promise<ResultOf<O>>;
  /** The answer when it has this status; throws `ProblemError` otherwise. */
  expect<O extends Operation, Status extends StatusOf<O>>(
    status: Status,
    operation: O,
    ...given: CallArguments<O>
  ): Promise<Success<ResultAt<O, Status>>>;
  /** The problem document of a refusal with this status; throws `ProblemError` when it was no refusal or another one. */
  refused<O extends Operation>(status: number, operation: O, ...given: CallArguments<O>): Promise<Problem & { code: CodeOf<O> | string }>;
  /** The pages of an operation that answers a list. */
  list<O extends Operation>(operation: O, ...given: CallArguments<O>): Pages<ResultOf<O> extends readonly (infer Item)[] ? Item : never>;
  /** The same client with other options, such as another token; the session stays the same unless it gets a token or a store. */
  with(options: Partial<ClientOptions>): Client;
  /** Tokens of who has signed in through `auth.login`. */
  readonly session: Session;
  readonly base_url: string;
}

export interface SessionOperations {
  /** Signs in: the session of this client has the tokens then. */
  login(body: Operations['login']['body'], settings?: CallOptions<'login'>): Promise<TokenPair>;
  /** Renews the tokens now. Throws `SignedOutError` when the session has ended. */
  refresh(): Promise<void>;
  /** Forgets the tokens, then ends the session at the server. */
  logout(settings?: CallOptions<'logout'>): Promise<void>;
}

export interface OrderWatch {
  /**
   * Every change of the status of an order, in order and each once, until it is final: as it happens by an event stream that is
   * resumed after an interruption, or by asking again and again where there is none.
   */
  watch(order_id: string, settings?: WatchSettings): AsyncGenerator<OrderTransition, void, undefined>;
}

export type Client = CoreClient &
  Omit<Groups, 'auth' | 'orders'> & { auth: Groups['auth'] & SessionOperations; orders: Groups['orders'] & OrderWatch };

/**
 * A client for one shop. Nothing is requested before the first call. Reads, and writes with an idempotency key, are repeated when
 * the network or the shop fails for a moment; every other request is made once.
 */
export function createClient(options: ClientOptions = {}): Client {
  return clientOf(options, { budget: createRetryBudget(), reported: new Set() }, undefined);
}

function clientOf(options: ClientOptions, shared: Shared, inherited: Session | undefined): Client {
  const timing = options.timing ?? systemTiming;
  const session: Session =
    inherited ??
    createSession(options.tokens ?? memoryTokenStore(), timing, async (refresh_token) =>
      bodyOf(await caller.call('refreshLogin', { body: { refresh_token }, token: null, retries: 0 })),
    );
  const caller = createCaller(options, shared, () => session);
  const core = coreOf(caller);
  return {
    ...core,
    ...groupsOf(caller),
    auth: { ...groupsOf(caller).auth, ...sessionOperations(caller, session) },
    orders: { ...groupsOf(caller).orders, watch: (order_id, settings) => watchOrder(caller, timing, order_id, settings) },
    session,
    base_url: caller.urlOf('/').slice(0, -1),
    with: (more) => {
      const own = more.tokens !== undefined || (more.base_url ?? options.base_url) !== options.base_url;
      return clientOf({ ...options, ...more }, shared, own ? undefined : session);
    },
  };
}

function coreOf({ call }: Caller): Pick<CoreClient, 'call' | 'must' | 'expect' | 'refused' | 'list'> {
  const settingsOf = (given: readonly unknown[]): AnySettings | undefined => given[0] as AnySettings | undefined;
  return {
    call: (operation, ...given) => call(operation, settingsOf(given)) as Promise<never>,
    must: async (operation, ...given) => bodyOf(await call(operation, settingsOf(given))),
    expect: async (status, operation, ...given) => {
      const answer = await call(operation, settingsOf(given));
      if (answer.status !== status || !answer.ok) throw unexpected(operation, answer);
      return answer as never;
    },
    refused: async (status, operation, ...given) => {
      const answer = await call(operation, settingsOf(given));
      if (answer.ok || answer.status !== status) throw unexpected(operation, answer);
      return answer.error.problem as never;
    },
    list: (operation, ...given) => pagesOf(call, operation, settingsOf(given)) as never,
  };
}

function bodyOf<Body>(answer: AnyAnswer): Body {
  if (!answer.ok) throw answer.error;
  return answer.body as Body;
}

/** A success where a refusal was expected is thrown in the same form. */
function unexpected(operation: Operation, answer: AnyAnswer): ProblemError {
  if (!answer.ok) return answer.error;
  const { name, entry } = entryOf(operation);
  const { status, headers, text } = answer;
  const problem = { detail: text.slice(0, 500) || 'an empty body' };
  const request = `${entry.method} ${entry.path}`;
  return new ProblemError({ operation: name, request, status, headers, problem, retry_after_s: undefined, idempotency_key: undefined });
}

function pagesOf(call: Caller['call'], operation: Operation, settings: AnySettings = {}): Pages<unknown> {
  return createPages(async (address): Promise<Page<unknown>> => {
    const answer = await call(operation, { ...settings, ...(address !== undefined && { address }) });
    return { items: bodyOf(answer), next: answer.next };
  });
}

function groupsOf({ call }: Caller): Groups {
  const conveniences = (names: Record<string, OperationName>) =>
    Object.fromEntries(Object.entries(names).map(([name, operation]) => [name, convenienceOf(call, operation)]));
  return Object.fromEntries(Object.entries(groups).map(([group, names]) => [group, conveniences(names)])) as unknown as Groups;
}

function convenienceOf(call: Caller['call'], operation: OperationName): (...given: unknown[]) => unknown {
  const { entry } = entryOf(operation);
  const names = [...entry.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name as string);
  return (...given) => {
    const params = Object.fromEntries(names.map((name, index) => [name, given[index]]));
    const [input, last] = entry.takes === undefined ? [undefined, given[names.length]] : given.slice(names.length);
    // A body that may be left out is an empty one.
    const taken = entry.takes === undefined ? {} : { [entry.takes]: input ?? (entry.takes === 'body' ? {} : undefined) };
    const settings = { params, ...taken, ...(last as AnySettings | undefined) };
    return entry.paged ? pagesOf(call, operation, settings) : call(operation, settings).then(bodyOf);
  };
}

function sessionOperations({ call }: Caller, session: Session): SessionOperations {
  return {
    login: async (body, settings) => {
      const pair = bodyOf<TokenPair>(await call('login', { ...settings, body }));
      await session.begin(pair);
      return pair;
    },
    refresh: async () => {
      const token = await session.accessToken();
      if (token === undefined) throw new SignedOutError('There is no session.');
      await session.replace(token);
    },
    logout: async (settings) => {
      const last = await session.end();
      if (last !== undefined) bodyOf(await call('logout', { ...settings, body: { refresh_token: last.refresh_token } }));
    },
  };
}

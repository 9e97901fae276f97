/** Access and refresh token of one person, renewed once for all who call. */
import type { TokenPair } from './operation-types.ts';
import { ProblemError, SignedOutError } from './problem-error.ts';
import type { Timing } from './timing.ts';

export interface Tokens {
  access_token: string;
  refresh_token: string;
  /** When the access token ends, in milliseconds since the Unix epoch by the clock of this machine. */
  expires_at_ms: number;
}

/** Keeps the tokens beyond this process or page. What it holds signs in: keep it as safe as a password. */
export interface TokenStore {
  load(): Tokens | undefined | Promise<Tokens | undefined>;
  /** Undefined after the end of the session. */
  save(tokens: Tokens | undefined): void | Promise<void>;
  /**
   * Runs the work while no other user of the store, such as another tab, runs one: a refresh token that is sent twice ends the
   * session. Without it Web Locks are used where the platform has them.
   */
  exclusively?<T>(work: () => Promise<T>): Promise<T>;
}

export interface Session {
  /** A token that is valid for a while; undefined when signed out. Renews first when it is about to end. */
  accessToken(): Promise<string | undefined>;
  /** Another token instead of one that was refused. Throws `SignedOutError` when there is none to be had. */
  replace(refused: string): Promise<string>;
  /** Takes over the answer of a sign-in. */
  begin(pair: TokenPair): Promise<void>;
  /** Forgets the tokens and answers them. */
  end(): Promise<Tokens | undefined>;
  /** Whether there are tokens; they may turn out to be refused. */
  isSignedIn(): Promise<boolean>;
}

const renew_before_ms = 30_000;

/** A session whose tokens are renewed by `refresh`, which sends a refresh token and throws when it is refused. */
export function createSession(store: TokenStore, timing: Timing, refresh: (refresh_token: string) => Promise<TokenPair>): Session {
  let tokens: Tokens | undefined;
  let loading: Promise<void> | undefined;
  let renewing: Promise<Tokens> | undefined;
  /** Grows with each sign-in and sign-out: what a renewal that began before brings is not taken over. */
  let generation = 0;

  const loaded = (): Promise<void> => {
    loading ??= (async () => {
      const began = generation;
      const kept = await store.load();
      if (generation === began) tokens = kept;
    })();
    return loading;
  };
  const keep = async (next: Tokens | undefined): Promise<void> => {
    tokens = next;
    await store.save(next);
  };
  const renewOnce = async (refused: string): Promise<Tokens> => {
    const began = generation;
    // Who shares the store may have renewed meanwhile: then its token is good, and ours was used.
    const kept = (await store.load()) ?? tokens;
    if (kept === undefined || generation !== began) return current(tokens);
    if (kept.access_token !== refused) {
      tokens = kept;
      return kept;
    }
    try {
      const next = tokensOf(await refresh(kept.refresh_token), timing.now());
      if (generation !== began) return current(tokens);
      await keep(next);
      return next;
    } catch (error) {
      if (!isFinal(error)) throw error;
      if (generation !== began) return current(tokens);
      await keep(undefined);
      throw new SignedOutError('The session cannot be renewed.', error);
    }
  };
  const renew = (refused: string): Promise<Tokens> => {
    renewing ??= exclusively(store, () => renewOnce(refused)).finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  return {
    async accessToken() {
      await loaded();
      const now = tokens;
      if (now === undefined || now.expires_at_ms - timing.now() > renew_before_ms) return now?.access_token;
      try {
        return (await renew(now.access_token)).access_token;
      } catch (error) {
        // It was early: the token at hand is good for a moment longer.
        if (!(error instanceof SignedOutError) && now.expires_at_ms > timing.now()) return now.access_token;
        throw error;
      }
    },
    async replace(refused) {
      await loaded();
      const now = current(tokens);
      return (now.access_token === refused ? await renew(refused) : now).access_token;
    },
    async begin(pair) {
      generation += 1;
      await keep(tokensOf(pair, timing.now()));
    },
    async end() {
      await loaded();
      // The pair that is on its way is the one to end.
      await renewing?.catch(() => undefined);
      const last = tokens;
      generation += 1;
      await keep(undefined);
      return last;
    },
    async isSignedIn() {
      await loaded();
      return tokens !== undefined;
    },
  };
}

function current(tokens: Tokens | undefined): Tokens {
  if (tokens === undefined) throw new SignedOutError('The session has ended.');
  return tokens;
}

function tokensOf({ access_token, refresh_token, expires_in }: TokenPair, now_ms: number): Tokens {
  return { access_token, refresh_token, expires_at_ms: now_ms + expires_in * 1_000 };
}

/** A store for as long as the process or page lives. */
export function memoryTokenStore(): TokenStore {
  let kept: Tokens | undefined;
  return {
    load: () => kept,
    save: (tokens) => {
      kept = tokens;
    },
    exclusively: (work) => work(),
  };
}

/** The server refused the refresh token itself; that it was busy says nothing about the session. */
function isFinal(error: unknown): boolean {
  return error instanceof ProblemError && error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
}

interface WebLocks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

function exclusively<T>(store: TokenStore, work: () => Promise<T>): Promise<T> {
  if (store.exclusively !== undefined) return store.exclusively(work);
  const { locks } = (globalThis as { navigator?: { locks?: WebLocks } }).navigator ?? {};
  return locks === undefined ? work() : locks.request('souk-session', work);
}

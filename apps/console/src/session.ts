/** Who works here. The tokens are in cookies that no script can read; the page learns from the shop whose they are. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { type BodyOf, beginSession, endSession, getSession, type Session as ShopSession } from '@souk/contracts';
import type { Ask } from './live/transport.ts';

export interface Person {
  readonly id: string;
  readonly full_name: string;
  readonly role: string;
}

export type SessionState =
  | { readonly state: 'unknown' }
  | { readonly state: 'signed_out' }
  | { readonly state: 'turned_away' }
  | { readonly state: 'signed_in'; readonly person: Person };

export interface Session {
  readonly current: ReadonlySignal<SessionState>;
  /** Rejects with what the shop said against it. */
  signIn(credentials: BodyOf<typeof beginSession>): Promise<void>;
  signOut(): Promise<void>;
  /** Asks whose the session is. Rejects when the shop does not answer. */
  look(): Promise<void>;
  /** The shop has refused the session. */
  ended(): void;
}

const staffRoles: ReadonlySet<string> = new Set(['staff', 'admin']);

/** `ask` is handed over as a function: it says itself when the session has ended. */
export function createSession(ask: () => Ask): Session {
  const current = signal<SessionState>({ state: 'unknown' });
  return {
    current,
    async look() {
      current.value = stateOf((await ask()(getSession)).body);
    },
    async signIn(credentials) {
      current.value = stateOf((await ask()(beginSession, { body: credentials })).body);
    },
    async signOut() {
      await ask()(endSession);
      current.value = { state: 'signed_out' };
    },
    ended() {
      if (current.peek().state === 'signed_in') current.value = { state: 'signed_out' };
    },
  };
}

/** Whether the person may do what is kept for administrators. */
export function isAdmin(current: SessionState): boolean {
  return current.state === 'signed_in' && current.person.role === 'admin';
}

function stateOf({ user }: ShopSession): SessionState {
  if (user === null) return { state: 'signed_out' };
  if (!staffRoles.has(user.role)) return { state: 'turned_away' };
  return { state: 'signed_in', person: { id: user.id, full_name: user.full_name ?? '', role: user.role } };
}

/** What the users service asks of its surroundings. */
import type { AccountRole } from './account.ts';

/** Slow on purpose: `run` everything through the lane. */
export interface PasswordHasher {
  /** The PHC string of a password, with a new salt. */
  hash(password: string): Promise<string>;
  /** Also takes its time, and answers false, where there is no hash (undefined, or one nobody can match). */
  verify(password: string, hash: string | undefined): Promise<PasswordVerdict>;
}

export interface PasswordVerdict {
  matches: boolean;
  /** Made at another cost than is wanted now. */
  outdated: boolean;
}

/** Lets few in at once. Refuses with `overloaded` when too many wait, or for too long. */
export interface HashingLane {
  run<T>(work: () => Promise<T>): Promise<T>;
  load(): { running: number; waiting: number };
}

/** Derives and checks what must be secret without being stored. */
export interface Seals {
  /** A keyed digest (base64url) of `text`, different for each `purpose`. */
  sign(purpose: string, text: string): string;
  matches(purpose: string, text: string, signature: string): boolean;
  /** Encrypts what is stored. */
  seal(plain: Uint8Array): Uint8Array;
  /** Undefined when it was sealed with another key. */
  open(sealed: Uint8Array): Uint8Array | undefined;
}

export interface TokenClaims {
  user_id: string;
  role: AccountRole;
  session_id: string;
}

export interface TokenSigner {
  /** An access token made with the key that is in use now. */
  sign(claims: TokenClaims): Promise<string>;
  /** A new pair, private half sealed. */
  makeKey(): { kid: string; public_x: string; sealed_private: Uint8Array };
  /** Whether a stored private half can be used here. */
  canSign(sealed_private: Uint8Array): boolean;
  /** Reads the keys anew at the next token. */
  forget(): void;
}

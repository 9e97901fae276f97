/** What the users service asks of its surroundings. */
import type { AccountRole } from './account.ts';

/** Slow on purpose: `run` everything through the limiter `hashing`. */
export interface PasswordHasher {
  /** The PHC string of a password, with a new salt. */
  hash(password: string): Promise<string>;
  /** Also takes its time, and answers false, where there is no hash (undefined, or one that nothing matches). */
  verify(password: string, hash: string | undefined): Promise<PasswordVerdict>;
}

export interface PasswordVerdict {
  matches: boolean;
  /** Made at another cost than is wanted now. */
  outdated: boolean;
}

/** Derives and checks what must be secret without being stored. */
export interface KeyedDigests {
  /** A keyed digest (base64url) of `text`, different for each `purpose`. */
  sign(purpose: string, text: string): string;
  matches(purpose: string, text: string, signature: string): boolean;
  /** Encrypts what is stored, with a key of its own for each use. */
  seal(use: EncryptionUse, plain: Uint8Array): Uint8Array;
  /** Undefined when it was sealed with another key. */
  open(use: EncryptionUse, sealed: Uint8Array): Uint8Array | undefined;
}

export type EncryptionUse = 'keys' | 'second factors';

/** Authenticator apps and recovery codes. */
export interface OneTimeCodes {
  newSecret(): Uint8Array;
  /** The secret as people type it and as an app scans it. */
  describe(secret: Uint8Array, label: string): { secret: string; otpauth_uri: string };
  /** The time step a code belongs to; undefined where it is the code of no step around now. */
  stepOf(secret: Uint8Array, code: string, now_ms: number): number | undefined;
  newRecoveryCodes(): string[];
  /** What is stored of a recovery code, however it was typed. */
  recoveryHash(code: string): Uint8Array;
}

export interface CommonPasswords {
  /** Folded to lower case. */
  load(): Promise<ReadonlySet<string>>;
}

export interface TokenClaims {
  user_id: string;
  role: AccountRole;
  session_id: string;
  /** The same for all accounts and guests with one address; says nothing of the address. */
  customer_key: string;
}

/** What an access token says that stands for an API key: an account, and what of it the key may do. */
export interface KeyClaims {
  user_id: string;
  role: AccountRole;
  key_id: string;
  scopes: readonly string[];
}

export interface TokenSigner {
  /** An access token made with the key that is in use now. */
  sign(claims: TokenClaims): Promise<string>;
  /** One that stands for an API key for so many seconds. */
  signForKey(claims: KeyClaims, seconds: number): Promise<string>;
  /** A compact JWS of a receipt, which no verifier takes for an access token. */
  signReceipt(receipt: object): Promise<string>;
  /** A new pair, private half sealed. */
  makeKey(): { kid: string; public_x: string; sealed_private: Uint8Array };
  /** Whether a stored private half can be used here. */
  canSign(sealed_private: Uint8Array): boolean;
  /** Reads the keys anew at the next token. */
  forget(): void;
}

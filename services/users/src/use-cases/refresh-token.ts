/**
 * Refresh tokens: id of the session, a part that only the key of this service can derive from session and generation, and a keyed digest that
 * distinguishes a used token from an invented one.
 */
import { hash } from 'node:crypto';
import type { UsersContext } from '../context.ts';

const digestPurpose = 'refresh';
const derivationPurpose = 'refresh generation';
const form = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/** The token of a session after so many renewals, and what is stored of it. */
export function makeRefreshToken({ digests }: UsersContext, session_id: string, generation: number): { token: string; token_hash: Buffer } {
  const signed = `${session_id.replaceAll('-', '')}.${digests.sign(derivationPurpose, `${session_id} ${generation}`)}`;
  const token = `${signed}.${digests.sign(digestPurpose, signed)}`;
  return { token, token_hash: digestOf(token) };
}

export interface ParsedToken {
  session_id: string;
  token_hash: Buffer;
  genuine: boolean;
}

/** Undefined for a text that does not even look like a refresh token. */
export function parseRefreshToken({ digests }: UsersContext, token: string): ParsedToken | undefined {
  const match = form.exec(token);
  if (match === null) return undefined;
  const [, ...parts] = match;
  const signed = token.slice(0, token.lastIndexOf('.'));
  const genuine = digests.matches(digestPurpose, signed, parts[6] ?? '');
  return { session_id: parts.slice(0, 5).join('-'), token_hash: digestOf(token), genuine };
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

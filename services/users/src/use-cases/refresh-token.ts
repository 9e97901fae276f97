/** Refresh tokens: id of the session, a random part, and a keyed digest that distinguishes a used token from an invented one. */
import { hash } from 'node:crypto';
import type { UsersContext } from '../context.ts';

const digestPurpose = 'refresh';
const randomBytes = 32;
const form = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/** A new token of a session, and what is stored of it. */
export function makeRefreshToken({ ids, digests }: UsersContext, session_id: string): { token: string; token_hash: Buffer } {
  const signed = `${session_id.replaceAll('-', '')}.${ids.secret(randomBytes)}`;
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

/** Refresh tokens: id of the session, a random part, and a seal that tells a used token from an invented one. */
import { hash } from 'node:crypto';
import type { UsersContext } from '../context.ts';

const sealPurpose = 'refresh';
const randomBytes = 32;
const form = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/** A new token of a session, and what is stored of it. */
export function makeRefreshToken({ ids, seals }: UsersContext, session_id: string): { token: string; token_hash: Buffer } {
  const sealed = `${session_id.replaceAll('-', '')}.${ids.secret(randomBytes)}`;
  const token = `${sealed}.${seals.sign(sealPurpose, sealed)}`;
  return { token, token_hash: digestOf(token) };
}

export interface ParsedToken {
  session_id: string;
  token_hash: Buffer;
  genuine: boolean;
}

/** Undefined for a text that does not even look like a refresh token. */
export function parseRefreshToken({ seals }: UsersContext, token: string): ParsedToken | undefined {
  const match = form.exec(token);
  if (match === null) return undefined;
  const [, ...parts] = match;
  const sealed = token.slice(0, token.lastIndexOf('.'));
  const genuine = seals.matches(sealPurpose, sealed, parts[6] ?? '');
  return { session_id: parts.slice(0, 5).join('-'), token_hash: digestOf(token), genuine };
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

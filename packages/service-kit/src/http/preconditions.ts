import { refusal } from '@souk/contracts';
import { entityTag } from './answer.ts';

/** Whether a header with entity tags names this one; weak and strong compare alike for reading (RFC 9110, 8.8.3.2). */
export function namesTag(header: string, tag: string): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((part) => part.trim().replace(/^W\//, '') === tag);
}

/** Refuses with `precondition_failed` when the client's If-Match does not name the current version; no header, no condition. */
export function checkIfMatch(request: { readonly if_match: string | undefined }, version: number | string): void {
  if (request.if_match === undefined) return;
  const tag = entityTag(version);
  // If-Match compares strongly: a weak tag never matches.
  const matches = request.if_match.trim() === '*' || request.if_match.split(',').some((part) => part.trim() === tag);
  if (!matches) throw refusal('precondition_failed', `The resource is at version ${version} now.`, { version });
}

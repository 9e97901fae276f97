/** Which page of a list is asked for: the one that the address names. */
import type { Place } from '../router.ts';

const rowsInPage = 50;

export function pageOf({ query: { cursor } }: Pick<Place, 'query'>, limit = rowsInPage): { limit: number; cursor?: string } {
  return { limit, ...(cursor !== undefined && { cursor }) };
}

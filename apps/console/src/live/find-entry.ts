/** Looks for an entry in a list, however many pages it has: what a command without a key has done is found there. */
import { pageOf } from './page-of.ts';
import type { Reply } from './transport.ts';

const rowsInPage = 100;

type PageQuery = ReturnType<typeof pageOf>;

/** The first that fits. Rejects while the shop does not answer. */
export async function findEntry<Entry>(
  read: (query: PageQuery) => Promise<Reply<Entry[]>>,
  fits: (entry: Entry) => boolean,
): Promise<Entry | undefined> {
  let cursor: string | undefined;
  do {
    const { body, next_cursor } = await read(pageOf({ query: cursor === undefined ? {} : { cursor } }, rowsInPage));
    const found = body.find(fits);
    if (found !== undefined) return found;
    cursor = next_cursor;
  } while (cursor !== undefined);
  return undefined;
}

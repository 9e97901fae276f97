import { type GroupHandleParts, groupHandlesMax } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { findHandles, findPartStarts } from '../store/group-handles.ts';

/** Where parts of the handles of all groups that are sold begin. */
export async function divideGroupHandles({ db }: ProductsContext): Promise<GroupHandleParts> {
  return { starts: await findPartStarts(db, groupHandlesMax) };
}

/** One part. */
export function listGroupHandles({ db }: ProductsContext, from: string): Promise<string[]> {
  return findHandles(db, from, groupHandlesMax);
}

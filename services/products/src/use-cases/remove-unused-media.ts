import { timestamp } from '@souk/kernel';
import type { ProductsContext } from '../context.ts';
import { mediaName, mediaWidths } from '../domain/media.ts';
import { deleteUnusedMedia } from '../store/media.ts';

const keptMs = 7 * 86_400_000;
const batchMax = 50;

/** Removes pictures that no product has shown since they were uploaded a week ago or longer. True when there may be more. */
export async function removeUnusedMedia({ db, clock, media_storage, log }: ProductsContext): Promise<boolean> {
  const before = timestamp(clock.now() - keptMs);
  const removed = await db.transaction(async (tx) => {
    const hashes = await deleteUnusedMedia(tx, before, batchMax);
    // While the rows are held: an upload of the same picture waits for its row, and writes its files after these are gone. A crash in
    // between leaves rows without files, which the next run finds again.
    for (const hash of hashes) for (const width of mediaWidths) await media_storage.remove(mediaName(hash, width));
    return hashes.length;
  });
  if (removed > 0) log.info({ removed }, 'pictures that no product shows were removed');
  return removed === batchMax;
}

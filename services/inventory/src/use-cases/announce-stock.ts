/** Publishes to the other services what is available of products whose stock changed, each at most once in an interval. */
import { inventoryUpdated } from '@souk/contracts';
import { draft } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { announcedAtOnce, announcementOf } from '../domain/announcement.ts';
import type { Stock } from '../domain/stock.ts';
import { stockAnnounced } from '../events.ts';
import { findUnannounced, lockUnannounced, markAnnounced } from '../store/stock.ts';
import { announceJob } from './save-movements.ts';

/** Few products are announced all at once; of many, a twentieth in each interval, so that what changes often is announced seldom. */
const announcedLeast = 25;
const announcedShare = 0.05;
const unannouncedMax = 10_000;

/** One round over the products waiting longest. Those that another transaction has locked, or that had their turn just now, wait on. */
export async function announceStock(ctx: InventoryContext): Promise<void> {
  const { pending, config } = ctx;
  const most = announcedAtOnce(pending.size(), { least: announcedLeast, most: config.announce_batch_max, share: announcedShare });
  const product_ids = pending.take(most);
  if (product_ids.length === 0) return;
  try {
    const rows = await announce(ctx, product_ids);
    const seen = new Set(rows.map((row) => row.product_id));
    pending.add(product_ids.filter((product_id) => !seen.has(product_id)));
  } catch (error) {
    pending.add(product_ids);
    throw error;
  }
}

function announce({ db, outbox, ids, config, log, metrics }: InventoryContext, product_ids: readonly string[]): Promise<Stock[]> {
  return db.transaction(async (tx) => {
    const rows = await lockUnannounced(tx, product_ids, config.announce_interval_ms);
    const changed = rows.filter((row) => row.published_version < row.stock_version);
    if (changed.length === 0) return rows;
    const announcements = changed.map(announcementOf).filter((announcement) => announcement !== undefined);
    await Promise.all([
      markAnnounced(
        tx,
        changed.map((row) => row.product_id),
      ),
      outbox.append(
        tx,
        announcements.map((announcement) => draft(inventoryUpdated, announcement, { correlation_id: ids.uuid(), actor: 'system' })),
      ),
    ]);
    tx.onCommit(() => stockAnnounced({ log, metrics }, announcements.length));
    return rows;
  });
}

/** Finds what a process that ended, or a full memo, left unannounced. */
export async function recallUnannounced(ctx: InventoryContext): Promise<void> {
  const product_ids = await findUnannounced(ctx.db, unannouncedMax);
  if (product_ids.length > 0 && ctx.pending.add(product_ids)) ctx.wakeJob(announceJob);
}

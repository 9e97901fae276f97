import { pause } from '@souk/kernel';
import type { Job } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { announceStock } from '../use-cases/announce-stock.ts';
import { announceJob } from '../use-cases/save-movements.ts';

const everyMs = 60_000;

/**
 * Sleeps until stock changes, which wakes it; then announces once in each interval until nothing waits. The pause comes
 * first, so that changes gather. When the service stops, one last round announces what is left.
 */
export const announceStockJob: Job<InventoryContext> = {
  name: announceJob,
  every_ms: everyMs,
  async run(ctx, signal) {
    while (ctx.pending.size() > 0) {
      await pause(ctx.config.announce_interval_ms, signal);
      await announceStock(ctx);
      if (signal.aborted) return;
    }
  },
};

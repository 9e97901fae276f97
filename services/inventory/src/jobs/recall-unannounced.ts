import type { Job } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { recallUnannounced } from '../use-cases/announce-stock.ts';

const everyMs = 60_000;

/** At the start, and rarely afterwards: the net below for changes whose process ended before it announced them. */
export const recallUnannouncedJob: Job<InventoryContext> = {
  name: 'recall-unannounced',
  every_ms: everyMs,
  run: (ctx) => recallUnannounced(ctx),
};

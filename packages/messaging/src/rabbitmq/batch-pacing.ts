/**
 * A busy consumer lets events gather, so that more of them share a transaction, a confirm and an acknowledgement: a batch
 * begins no sooner after the one before than that one was large. Events that come one by one do not wait.
 */
import { pause } from '@souk/kernel';

export interface BatchPacing {
  /** A batch of this size begins. */
  began(size: number): void;
  /** Waits if the next batch is too early and not full yet; answers whether it did. */
  waited(gathered: number, batch_max: number, stopping: AbortSignal): Promise<boolean>;
}

const msPerEvent = 2;
const msMost = 30;

export function createBatchPacing(): BatchPacing {
  let next_at = 0;
  return {
    began(size) {
      next_at = performance.now() + Math.min(msMost, size * msPerEvent);
    },
    async waited(gathered, batch_max, stopping) {
      const early_ms = next_at - performance.now();
      if (early_ms <= 0 || gathered >= batch_max || stopping.aborted) return false;
      await pause(early_ms, stopping);
      return true;
    },
  };
}

/** Drills of a running shop: the door, and behind it what the process that runs the shop can take away. */
import type { Clock, Log } from '@souk/kernel';
import { createDrillDesk, type DrillDesk } from './drill-desk.ts';
import type { DrillFault } from './drill-fault.ts';
import { openDrillServer } from './drill-server.ts';
import { createShopObserver } from './shop-observer.ts';

export interface OpenedDrills {
  /** For `DRILLS_URL` of operations. */
  url: string;
  /** From now on drills are carried out. */
  begin(faults: readonly DrillFault[], operations_url: string): void;
  /** Before anything else of the shop is stopped. */
  close(): Promise<void>;
}

export async function openDrills(options: { internal_token: string; clock: Clock; log: Log }): Promise<OpenedDrills> {
  const { internal_token, clock, log } = options;
  let desk: DrillDesk | undefined;
  const server = await openDrillServer({ internal_token, log, desk: () => desk });
  return {
    url: server.url,
    begin(faults, operations_url) {
      desk = createDrillDesk({ faults, clock, log, observer: createShopObserver({ operations_url, internal_token }) });
    },
    async close() {
      await desk?.close();
      await server.close();
    },
  };
}

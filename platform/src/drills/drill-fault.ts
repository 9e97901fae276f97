/** What a drill may take away, as the process that runs the shop does it. */
import type { DrillMeans, DrillTarget } from '@souk/contracts';

export interface DrillFault {
  readonly target: DrillTarget;
  readonly means: DrillMeans;
  /** Resolves when it is gone. */
  end(): Promise<void>;
  /** Resolves when it takes work again. */
  restore(): Promise<void>;
}

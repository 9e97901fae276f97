import { originOf } from '@souk/discovery';
import type { Job } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';

/** While an instance is out it is asked often, so that it is back within a second; and pools of instances that are gone are closed. */
export function recheckInstances(every_ms: number): Job<GatewayContext> {
  return {
    name: 'recheck-instances',
    every_ms,
    async run({ instances, pools }) {
      const all = instances.table.all();
      pools.keepOnly(new Set(all.map(originOf)));
      if (all.some(({ healthy }) => !healthy)) await instances.probe();
    },
  };
}

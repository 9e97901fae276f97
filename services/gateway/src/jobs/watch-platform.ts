import type { Job } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import type { StatusTeller } from '../use-cases/tell-status.ts';

/** Looks at the platform although nobody asks: whoever opens the status page later is told since when something is wrong. */
export function watchPlatform(status: StatusTeller, every_ms: number): Job<GatewayContext> {
  return {
    name: 'watch-platform',
    every_ms,
    async run() {
      await status.tell();
    },
  };
}

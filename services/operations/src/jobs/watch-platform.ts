import type { Job } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import type { StatusMonitor } from '../use-cases/get-status.ts';

/** Observes the platform while no request does, so that the status page can say since when an incident lasts. */
export function watchPlatform(monitor: StatusMonitor, every_ms: number): Job<OperationsContext> {
  return { name: 'watch-platform', every_ms, run: () => monitor.observeAsLeader() };
}

/** What a gateway tells about itself: to its own status page and to the other gateways. */
import type { InstanceFigures } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';
import type { BookAuditor } from './audit-books.ts';
import { ownChecks, ownState } from './tell-health.ts';

/** A function that reads the figures of this process; nobody else is asked. */
export function createOwnFigures(context: GatewayContext, auditor: BookAuditor): () => InstanceFigures {
  const { config, clock, broker, redis, chaos, breakers, metrics, instance_id } = context;
  const started_at = timestamp(clock.now());
  return () => {
    const checks = ownChecks(context);
    const report = auditor.known();
    return {
      service: 'gateway',
      instance_id,
      code_version: config.code_version,
      started_at,
      now: timestamp(clock.now()),
      status: ownState(checks),
      checks: checks as InstanceFigures['checks'],
      requests: metrics.requests.sums('/api/'),
      broker: broker ? { kind: broker.kind, connected: broker.connected() } : null,
      redis: redis ? { connected: redis.state() === 'ready' } : null,
      chaos: chaos?.state() ?? null,
      outbox: null,
      database: null,
      queues: [],
      dead_letters: [],
      gateway: {
        breakers: [...breakers]
          .filter(([upstream]) => upstream !== 'gateway')
          .map(([upstream, breaker]) => ({ upstream, state: breaker.state() })),
        audit: report
          ? {
              finished_at: report.finished_at,
              balanced: report.balanced,
              violations: report.violations.length,
              warnings: report.warnings.length,
            }
          : null,
        audit_interval_s: config.audit_interval_ms / 1_000,
      },
      missing: [],
    };
  };
}

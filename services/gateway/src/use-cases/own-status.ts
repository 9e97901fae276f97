import type { InstanceStatus } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { processStatus } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { ownChecks, ownState } from './get-health.ts';

/** A function that reads the status of this process; no other is asked. */
export function createOwnStatus(context: GatewayContext): () => InstanceStatus {
  const { clock, broker, breakers } = context;
  const started_at = timestamp(clock.now());
  return () => {
    const checks = ownChecks(context);
    return {
      ...processStatus(context, started_at, { status: ownState(checks), checks }),
      broker: broker ? { kind: broker.kind, connected: broker.connected() } : null,
      gateway: { breakers: [...breakers].map(([upstream, breaker]) => ({ upstream, state: breaker.state() })) },
    };
  };
}

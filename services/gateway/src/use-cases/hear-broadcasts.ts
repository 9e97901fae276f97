/** Hears what every gateway instance is told (`order.*` and the like): counted, and handed to whoever wants to know. */
import { broadcastPatterns } from '@souk/contracts';
import { backoffMs, pause } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';

const retryFirstMs = 200;
const retryMaxMs = 5_000;

/** Subscribes however long the broker is away; resolves with the end of it, or undefined when the gateway stops first. */
export async function hearBroadcasts(context: GatewayContext): Promise<(() => Promise<void>) | undefined> {
  const { broker, metrics, log, stopping, broadcast_hearers } = context;
  if (!broker) return undefined;
  for (let attempt = 0; !stopping.aborted; attempt += 1) {
    try {
      return await broker.subscribe(broadcastPatterns, (broadcast) => {
        metrics.count('souk_gateway_broadcasts_total', { entity: broadcast.routing_key.split('.')[0] ?? '' });
        for (const hearer of broadcast_hearers) hearer(broadcast);
      });
    } catch (error) {
      if (attempt === 0) log.warn({ err: error }, 'the broker does not answer; broadcasts are not heard');
      await pause(backoffMs(attempt, retryFirstMs, retryMaxMs), stopping);
    }
  }
  return undefined;
}

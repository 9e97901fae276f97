import type { Job } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { announceGateway as announce } from '../use-cases/keep-registry.ts';

const renewalsInLease = 3;

/** Renews this gateway's own lease in the registry that all gateways share. */
export function announceGateway(own: () => { host: string; port: number }, lease_ms: number): Job<GatewayContext> {
  return { name: 'announce-gateway', every_ms: Math.floor(lease_ms / renewalsInLease), run: (context) => announce(context, own()) };
}

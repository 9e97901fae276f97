import type { DataServiceName, RouteDeclaration } from '@souk/contracts';
import { askService, type CallOptions, type ServiceAnswer } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';

const timeoutMs = 10_000;

/**
 * Passes a request for dead letters on to the internal route of the service whose consumers failed. Throws the refusal of that
 * service, or `service_unavailable` while it is away.
 */
export function forwardDeadLetters<R extends RouteDeclaration>(
  context: OperationsContext,
  route: R,
  service: DataServiceName,
  options: CallOptions<R>,
): Promise<ServiceAnswer<unknown>> {
  const path = route.path.replace('/api/dead-letters/{service}', '/internal/dead-letters');
  return askService(context, { ...route, path, service }, { ...options, internal: true, timeout_ms: timeoutMs });
}

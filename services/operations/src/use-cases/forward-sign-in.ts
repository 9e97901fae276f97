import type { BodyOf, ResponseOf, RouteDeclaration } from '@souk/contracts';
import { askService, type CallOptions, clientHeaders, type ServiceAnswer } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';

const timeoutMs = 5_000;

/** Passes a sign-in on to users, with the address of the client, by which users limits failed attempts. Throws the refusal of users. */
export function forwardSignIn<R extends RouteDeclaration>(
  context: OperationsContext,
  route: R,
  { body, client_address, ...options }: CallOptions<R> & { body: BodyOf<R>; client_address: string },
): Promise<ServiceAnswer<ResponseOf<R>>> {
  const headers = clientHeaders(context, 'users', client_address);
  return askService(context, route, { ...options, body, headers, timeout_ms: timeoutMs });
}

/** What the status page needs of users while the gateway is away: on this port the same addresses are passed on. */
import { login, logout, type RouteDeclaration, refreshLogin } from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import { forwardSignIn } from '../use-cases/forward-sign-in.ts';

export const signInRoutes: readonly ServedRoute<OperationsContext>[] = [passedOn(login), passedOn(refreshLogin), passedOn(logout)];

function passedOn<R extends RouteDeclaration>(route: R): ServedRoute<OperationsContext> {
  return serve({ ...route, service: 'operations' } as RouteDeclaration, async (context: OperationsContext, request) => {
    const { body, cause, signal, client_address } = request;
    const { status, body: answered } = await forwardSignIn(context, route as RouteDeclaration, { body, cause, signal, client_address });
    return answer(status, answered);
  });
}

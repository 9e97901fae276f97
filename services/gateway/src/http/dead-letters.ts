import { discardDeadLetter, getDeadLetter, listDeadLetters, type RouteDeclaration, refusal, replayDeadLetters } from '@souk/contracts';
import { createSchemaCheck } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { type DeadLetterErrand, forwardDeadLetters } from '../use-cases/forward-dead-letters.ts';
import type { OwnRequest, OwnRoute } from './own-route.ts';

export const deadLetterRoutes: readonly OwnRoute[] = [
  routed(listDeadLetters, ({ query }) => ({ rest: query.size === 0 ? '' : `?${query}` })),
  routed(getDeadLetter, ({ params }) => ({ rest: `/${params['id']}` })),
  routed(discardDeadLetter, ({ params }) => ({ rest: `/${params['id']}` })),
  routed(replayDeadLetters, ({ body }) => ({ rest: '/replay', body })),
];

type Declared = RouteDeclaration & { method: DeadLetterErrand['method']; params: object };

/** The service checks query and body by the same schemas; only the address is read here. */
function routed(route: Declared, errandOf: (request: OwnRequest) => { rest: string; body?: Buffer }): OwnRoute {
  const checkParams = createSchemaCheck(route.params);
  return {
    method: route.method,
    path: route.path,
    ...(route.body !== undefined && { takes: 'application/json' }),
    async answer(context: GatewayContext, request: OwnRequest) {
      const errors = checkParams(request.params, true);
      if (errors) throw refusal('validation_failed', 'The address is not valid.', { errors });
      const { correlation_id, traceparent, signal, params } = request;
      const errand = {
        method: route.method,
        service: params['service'] as string,
        correlation_id,
        traceparent,
        signal,
        ...errandOf(request),
      };
      const { status, body, next } = await forwardDeadLetters(context, errand);
      if (status === 204) return { status };
      const address = route.path.replace('{service}', params['service'] as string);
      return {
        status,
        body,
        headers: { 'cache-control': 'no-store', ...(next === undefined ? {} : { link: `<${address}?${next}>; rel="next"` }) },
      };
    },
  };
}

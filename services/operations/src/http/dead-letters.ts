import {
  type DataServiceName,
  discardDeadLetter,
  getDeadLetter,
  listDeadLetters,
  type ParamsOf,
  type RouteDeclaration,
  replayDeadLetters,
} from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import { forwardDeadLetters } from '../use-cases/forward-dead-letters.ts';

type DeadLetterRoute = RouteDeclaration & { params: (typeof listDeadLetters)['params'] | (typeof getDeadLetter)['params'] };

export const deadLetterRoutes: readonly ServedRoute<OperationsContext>[] = [
  passedOn(listDeadLetters),
  passedOn(getDeadLetter),
  passedOn(discardDeadLetter),
  passedOn(replayDeadLetters),
];

function passedOn(route: DeadLetterRoute): ServedRoute<OperationsContext> {
  return serve(route as RouteDeclaration, async (context: OperationsContext, { params, query, body, cause, signal }) => {
    const { service } = params as ParamsOf<typeof listDeadLetters>;
    const options = { params, query, cause, signal, ...(route.body !== undefined && { body }) };
    const {
      status,
      body: answered,
      headers,
    } = await forwardDeadLetters(context, route as RouteDeclaration, service as DataServiceName, options);
    return answer(status, answered, { headers: { 'cache-control': 'no-store' }, next_cursor: cursorOf(headers['link']) });
  });
}

/** Of the next page, from the Link header of the service. */
function cursorOf(link: string | string[] | undefined): string | null {
  const cursor = /<[^<>]*[?&]cursor=([^&<>]*)>/.exec(String(link))?.[1];
  return cursor === undefined ? null : decodeURIComponent(cursor);
}

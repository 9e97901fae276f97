import type { ResponseOf, RouteDeclaration } from '@souk/contracts';
import type { Answer } from './answer.ts';
import type { RouteRequest } from './route-request.ts';

/** A declared route with the code that answers it, as lists of routes hold it. */
export interface ServedRoute<C> {
  readonly route: RouteDeclaration;
  readonly handler: (context: C, request: RouteRequest) => Promise<Answer>;
}

/** Joins a declaration and its handler; the compiler holds the handler to the declared body, query, params and response. */
export function serve<R extends RouteDeclaration, C>(
  route: R,
  handler: (context: C, request: RouteRequest<R>) => Promise<Answer<ResponseOf<R>>>,
): ServedRoute<C> {
  return { route, handler: handler as unknown as ServedRoute<C>['handler'] };
}

import { republishRoute as declaration, defineRoute, type ServiceName } from '@souk/contracts';
import { answer } from '../http/answer.ts';
import { type ServedRoute, serve } from '../http/serve.ts';
import type { ServiceContext } from './context.ts';
import { type Republisher, republishSince } from './republish.ts';

/** `POST /internal/republish`: publishes once more what changed since an instant. */
export function republishRoute<C extends ServiceContext>(service: ServiceName, republishers: readonly Republisher<C>[]): ServedRoute<C> {
  const route = defineRoute({ ...declaration, service });
  return serve(route, async (context: C, { body }) => answer(200, { published: await republishSince(context, republishers, body.since) }));
}

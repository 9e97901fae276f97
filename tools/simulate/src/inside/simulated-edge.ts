/** What `createHttpEdge` is in a run. */
import type { HttpEdge, HttpEdgeOptions } from '@souk/service-kit';
import { stage } from './stage.ts';

export function simulatedEdge(options: HttpEdgeOptions<unknown>): HttpEdge {
  if (stage.edges === undefined) throw new Error('services are started within a run only');
  return stage.edges.add(options);
}

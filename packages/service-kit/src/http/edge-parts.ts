import type { Log } from '@souk/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Verifier } from '../auth/verifier.ts';
import type { ChaosSwitch } from '../chaos/chaos-switch.ts';
import type { ServiceMetrics } from '../observe/service-metrics.ts';
import type { RequestState } from './route-request.ts';

/** What all endpoints of a server share. */
export interface EdgeParts {
  verifier: Verifier;
  isInternal(token: string): boolean;
  isChaos(token: string): boolean;
  /** Where drills are possible. */
  chaos: ChaosSwitch | undefined;
  metrics: ServiceMetrics;
  log: Log;
  log_requests: boolean;
  body_bytes_max: number;
  url_length_max: number;
  isDraining(): boolean;
  /** Takes up a request: correlation, trace, the count of requests under way. `path` is that of the route as declared. */
  begin(request: FastifyRequest, reply: FastifyReply, path: string): RequestState;
  end(): void;
  logRequest(request: FastifyRequest, route: string, status: number, ms: number): void;
}

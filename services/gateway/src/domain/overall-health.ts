/** What the states of the parts mean for the whole. */
export type State = 'healthy' | 'degraded' | 'unhealthy';

const worse: Readonly<Record<State, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

/** A service is as well as its instances: healthy when all are, unhealthy when none answers well enough, else degraded. */
export function serviceState(instances: readonly State[]): State {
  if (instances.length === 0) return 'unhealthy';
  if (instances.every((state) => state === 'healthy')) return 'healthy';
  return instances.every((state) => state === 'unhealthy') ? 'unhealthy' : 'degraded';
}

/** The platform is unhealthy when the gateway can serve nothing, degraded when any part is not healthy. */
export function overallState(gateway: State, services: readonly State[]): State {
  if (gateway === 'unhealthy' || services.every((state) => state === 'unhealthy')) return 'unhealthy';
  return [gateway, ...services].reduce<State>((found, state) => (worse[state] > 0 ? 'degraded' : found), 'healthy');
}

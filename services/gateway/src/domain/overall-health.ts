import { dataServices, type StatusWord } from '@souk/contracts';

/** The platform is unhealthy when the gateway or all services with data are, degraded when any part is not healthy. */
export function overallStatus(gateway: StatusWord, services: Readonly<Record<string, { status: StatusWord }>>): StatusWord {
  const none_serves = dataServices.every((name) => (services[name]?.status ?? 'unhealthy') === 'unhealthy');
  if (gateway === 'unhealthy' || none_serves) return 'unhealthy';
  return gateway === 'healthy' && Object.values(services).every(({ status }) => status === 'healthy') ? 'healthy' : 'degraded';
}

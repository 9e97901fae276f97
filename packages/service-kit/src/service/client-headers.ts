import type { ServiceName } from '@souk/contracts';
import { platformKeys } from '@souk/kernel/platform-keys';
import type { ProcessContext } from './context.ts';

/** Headers by which a service that acts for a client says where that client is, so that its attempts are limited, not those of the service. */
export function clientHeaders(
  { config }: Pick<ProcessContext, 'config'>,
  service: ServiceName,
  client_address: string,
): Readonly<Record<string, string>> {
  return { 'x-souk-gateway': platformKeys(config.internal_token).gatewayToken(service), 'x-forwarded-for': client_address };
}

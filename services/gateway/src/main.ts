import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { openSharedRegistry } from './clients/shared-registry.ts';
import { type GatewayConfig, loadGatewayConfig } from './config.ts';
import { buildGateway } from './service.ts';

await runMain<GatewayConfig>({
  load: loadGatewayConfig,
  openBroker: openConfiguredBroker,
  openParts: openSharedRegistry,
  build: buildGateway,
});

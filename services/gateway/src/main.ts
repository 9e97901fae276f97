import { openConfiguredBroker } from '@souk/messaging';
import { type PlatformConfig, runMain } from '@souk/service-kit';
import { environmentConfig, type GatewayConfig } from './config.ts';
import { buildGateway } from './service.ts';

// The gateway has no database, so its configuration lacks what belongs to one; `runMain` reads none of that.
type Config = GatewayConfig & PlatformConfig;
await runMain<Config>({ load: environmentConfig as () => Config, openBroker: openConfiguredBroker, build: buildGateway });

import { required, systemClock, systemIds } from '@souk/kernel';
import { openEmbeddedBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadInventoryConfig } from './config.ts';
import { buildInventory } from './service.ts';

await runMain({
  load: loadInventoryConfig,
  openBroker: (config, log) =>
    openEmbeddedBroker({ url: required(config.broker_url, 'BROKER_URL'), log, clock: systemClock, ids: systemIds }),
  build: buildInventory,
});

import { required, systemClock, systemIds } from '@souk/kernel';
import { openEmbeddedBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadProductsConfig } from './config.ts';
import { buildProducts } from './service.ts';

await runMain({
  load: loadProductsConfig,
  openBroker: (config, log) =>
    openEmbeddedBroker({ url: required(config.broker_url, 'BROKER_URL'), log, clock: systemClock, ids: systemIds }),
  build: buildProducts,
});

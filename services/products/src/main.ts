import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadProductsConfig } from './config.ts';
import { buildProducts } from './service.ts';

await runMain({ load: loadProductsConfig, openBroker: openConfiguredBroker, build: buildProducts });

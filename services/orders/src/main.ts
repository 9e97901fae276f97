import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadOrdersConfig } from './config.ts';
import { buildOrders } from './service.ts';

await runMain({ load: loadOrdersConfig, openBroker: openConfiguredBroker, build: buildOrders });

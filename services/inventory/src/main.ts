import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadInventoryConfig } from './config.ts';
import { buildInventory } from './service.ts';

await runMain({ load: loadInventoryConfig, openBroker: openConfiguredBroker, build: buildInventory });

import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadUsersConfig } from './config.ts';
import { buildUsers } from './service.ts';

await runMain({ load: loadUsersConfig, openBroker: openConfiguredBroker, build: buildUsers });

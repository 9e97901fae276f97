import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadNotificationsConfig } from './config.ts';
import { buildNotifications } from './service.ts';

await runMain({ load: loadNotificationsConfig, openBroker: openConfiguredBroker, build: buildNotifications });

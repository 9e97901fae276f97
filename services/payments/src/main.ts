import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { loadPaymentsConfig } from './config.ts';
import { buildPayments } from './service.ts';

await runMain({ load: loadPaymentsConfig, openBroker: openConfiguredBroker, build: buildPayments });

import { refusal } from '@souk/contracts';
import { type Log, systemClock, systemIds } from '@souk/kernel';
import { type Broker, openEmbeddedBroker } from '@souk/messaging';
import { loadConfig, runMain } from '@souk/service-kit';
import { type PaymentsConfig, paymentsConfig, readEnvironment } from './config.ts';
import { buildPayments } from './service.ts';

await runMain<PaymentsConfig>({
  load: () => loadConfig('payments', paymentsConfig, readEnvironment()),
  openBroker,
  build: buildPayments,
});

function openBroker({ broker_url }: PaymentsConfig, log: Log): Broker {
  if (broker_url === undefined) throw refusal('config_invalid', 'BROKER_URL is missing: the database of the embedded broker.');
  return openEmbeddedBroker({ url: broker_url, log, clock: systemClock, ids: systemIds });
}

/** The services that are not simulated, as the others see them: products and users publish what is needed, products shows the stock that it hears of. */
import type { MessagingRecord, ProductRecord } from '@souk/auditor';
import { type EventDefinition, type PayloadOf, productCreated, userRegistered } from '@souk/contracts';
import { type Broker, draft, finalise, toOutgoing } from '@souk/messaging';
import type { Plan } from '../plan.ts';
import { simulatedSecret, simulatedUuid } from './entropy.ts';
import type { Life, World } from './world.ts';

export interface Neighbours {
  readonly products: readonly ProductRecord[];
  readonly customers: readonly string[];
  /** Publishes products and customers. */
  open(): Promise<void>;
  messaging(service: 'products' | 'users'): MessagingRecord;
}

const currency = 'EUR';
const price = 12.5;

export function createNeighbours(world: World, life: Life, broker: Broker, plan: Plan): Neighbours {
  const products: ProductRecord[] = plan.stock.map((_, index) => ({
    ...{ key: '', product_id: '', version: 1, sku: `piece-${index}`, name: `Piece ${index}`, price: 1_250 + index, currency },
    ...{ status: 'active' as const, stock_quantity: null, stock_version: null },
    ...{ created_at_ms: Math.floor(world.now_ms), updated_at_ms: Math.floor(world.now_ms) },
  }));
  const customers: string[] = [];
  world.as(life, () => {
    for (const product of products) product.key = product.product_id = simulatedUuid();
    for (let count = 0; count < plan.customers; count += 1) customers.push(simulatedUuid());
  });

  const event = <D extends EventDefinition<string, never> | EventDefinition<string, object>>(definition: D, payload: PayloadOf<D>) => {
    const made = draft(definition, payload, { correlation_id: simulatedUuid() });
    const stamp = { ids: { uuid: simulatedUuid, secret: simulatedSecret }, clock: { now: () => Date.now() }, source: 'simulation' };
    return toOutgoing(finalise(made, stamp));
  };

  broker.consume({
    queue: 'products.track-stock',
    batch_max: 100,
    async handle(batch) {
      for (const { body } of batch) {
        const news = JSON.parse(String(body)) as { product_id: string; current_quantity: number; stock_version: number };
        const product = products.find(({ product_id }) => product_id === news.product_id);
        if (product === undefined || news.stock_version <= (product.stock_version ?? 0)) continue;
        const updated_at_ms = Math.floor(world.now_ms);
        Object.assign(product, { stock_quantity: news.current_quantity, stock_version: news.stock_version, updated_at_ms });
      }
      return batch.map(() => ({ kind: 'done' }));
    },
  });

  return {
    products,
    customers,
    async open() {
      const people = customers.map((user_id, index) =>
        event(userRegistered, {
          ...{ user_id, username: `customer-${index}`, email: `customer-${index}@souk.example`, email_verified: true },
          ...{ full_name: `Customer ${index}`, registration_source: 'api' },
        }),
      );
      const goods = products.map(({ product_id, sku, name }, index) =>
        event(productCreated, {
          ...{ product_id, product_version: 1, sku, name, price: price + index / 100, currency, status: 'active' as const },
          initial_quantity: plan.stock[index] ?? 0,
        }),
      );
      await broker.publish([...people, ...goods]);
    },
    messaging: (service) => ({
      ...{ key: service, outbox_backlog: 0, outbox_oldest_age_s: 0, dead_letters: 0, broker_connected: true },
      ...{ outbox_drained_until_ms: Math.floor(world.now_ms), queues_drained_until_ms: Math.floor(world.now_ms) },
    }),
  };
}

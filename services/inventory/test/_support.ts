import {
  type EventDefinition,
  type EventOf,
  orderCancelled,
  orderCreated,
  orderParcelSent,
  orderShipped,
  type PayloadOf,
  productCreated,
  productUpdated,
  returnReceived,
} from '@souk/contracts';
import { silentLog, systemIds } from '@souk/kernel';
import { type Broker, type ConsumerDefinition, type Failure, messagingMigrations } from '@souk/messaging';
import { anEnvelope } from '@souk/messaging/testing';
import { freshDatabase } from '@souk/postgres/testing';
import { kitMigrations, type Overrides } from '@souk/service-kit';
import { createTestKeys, testConfig } from '@souk/service-kit/testing';
import { InventoryConfig } from '../src/config.ts';
import { type InventoryContext, openInventoryContext } from '../src/context.ts';
import { inventoryMigrations } from '../src/service.ts';

export type Line = { product_id: string; quantity: number };

const migrations = [kitMigrations, messagingMigrations, inventoryMigrations];

/** A broker for contexts that never start messaging: what they publish stays in the outbox, where tests look for it. */
const noBroker = undefined as unknown as Broker;

export interface Fixture {
  context: InventoryContext;
  db: InventoryContext['db'];
  /** Another instance of the service on the same database. */
  replica(): InventoryContext;
  close(): Promise<void>;
}

/** A migrated, empty inventory without HTTP, consumers and jobs of its own: tests call the parts. */
export async function openFixture(values: Partial<InventoryConfig> = {}, overrides: Partial<Overrides> = {}): Promise<Fixture> {
  const database = await freshDatabase({ folders: migrations });
  const config = testConfig<InventoryConfig>('inventory', InventoryConfig, { ...values, database_url: database.url });
  const { key_set } = await createTestKeys();
  const contexts: InventoryContext[] = [];
  const replica = (): InventoryContext => {
    const context = openInventoryContext(config, { log: silentLog, fetchKeys: async () => key_set, broker: noBroker, ...overrides });
    contexts.push(context);
    return context;
  };
  const context = replica();
  return {
    context,
    db: context.db,
    replica,
    async close() {
      for (const { cache, stockReads, stockNews, db, dispatcher } of contexts) {
        cache.close();
        stockReads.close();
        stockNews.close();
        await dispatcher.destroy();
        await db.close();
      }
      await database.drop();
    },
  };
}

/** Has a consumer handle a batch as the runtime does, in one transaction; answers the events that failed. */
export async function handle<Event>(
  context: InventoryContext,
  consumer: ConsumerDefinition<InventoryContext, Event>,
  events: readonly Event[],
): Promise<readonly Failure[]> {
  return context.db.transaction(async (tx) => (await consumer.handle(context, tx, events)) ?? []);
}

export const uuid = (): string => systemIds.uuid();

type Envelope = Partial<{ event_id: string; timestamp: string }>;

/** An event with a fresh envelope; the compiler holds the payload to its definition. */
function anEvent<D extends EventDefinition<string, object>>(definition: D, payload: PayloadOf<D>, envelope: Envelope = {}): EventOf<D> {
  return anEnvelope(definition.event_type, payload as Record<string, unknown>, envelope) as unknown as EventOf<D>;
}

export function anOrderCreated({ order_id = uuid(), items, ...envelope }: { order_id?: string; items: Line[] } & Envelope): OrderCreated {
  const payload = {
    order_id,
    order_version: 1,
    user_id: uuid(),
    items: items.map((item) => ({ ...item, price: 9.9 })),
    total_amount: 9.9,
    currency: 'EUR',
    shipping_address: { street: 'Lane 1', city: 'Basel', postal_code: '4051', country: 'CH' },
  };
  return anEvent(orderCreated, payload, envelope);
}
export type OrderCreated = EventOf<typeof orderCreated>;

export function anOrderCancelled({ order_id = uuid() }: { order_id?: string } = {}): EventOf<typeof orderCancelled> {
  return anEvent(orderCancelled, { order_id, order_version: 2, user_id: uuid(), reason: 'customer_request', cancelled_by: 'customer' });
}

interface Sent {
  order_id?: string;
  /** Everything without one. */
  parcel?: { parcel_id: string; items: Line[] };
}

export function anOrderShipped({ order_id = uuid(), parcel }: Sent = {}): EventOf<typeof orderShipped> {
  const sent = { order_id, order_version: 4, user_id: uuid(), carrier: 'Post', tracking_number: '1' };
  return anEvent(orderShipped, { ...sent, ...(parcel && contentOf(parcel)) });
}

export function aParcelSent({ order_id, parcel }: Required<Sent>): EventOf<typeof orderParcelSent> {
  const sent = { order_id, order_version: 5, order_number: 'S-10001', user_id: uuid(), carrier: 'Post', tracking_number: '2' };
  return anEvent(orderParcelSent, { ...sent, number: 2, delivery: 'partial', ...contentOf(parcel) });
}

export function aReturn({ order_id, items }: { order_id: string; items: Line[] }): EventOf<typeof returnReceived> {
  return anEvent(returnReceived, { return_id: uuid(), order_id, items });
}

function contentOf({ parcel_id, items }: NonNullable<Sent['parcel']>) {
  return { parcel_id, items: items.map((item) => ({ ...item, name: 'A lamp' })) };
}

interface ProductFields {
  product_id?: string;
  initial_quantity?: number;
  product_version?: number;
}

function productPayload({ product_id = uuid(), product_version = 1, ...rest }: ProductFields): PayloadOf<typeof productCreated> {
  return { product_id, product_version, sku: `SKU-${product_id}`, name: 'A lamp', price: 9.9, currency: 'EUR', status: 'active', ...rest };
}

export function aProductCreated(fields: ProductFields = {}): EventOf<typeof productCreated> {
  return anEvent(productCreated, productPayload(fields));
}

export function aProductUpdated(fields: ProductFields = {}): EventOf<typeof productUpdated> {
  return anEvent(productUpdated, productPayload({ product_version: 2, ...fields }));
}

export interface Balance {
  on_hand: number;
  reserved: number;
}

export async function balanceOf({ db }: Pick<Fixture, 'db'>, product_id: string): Promise<Balance | undefined> {
  const [row] = await db.query<Balance>('select on_hand, reserved from stock where product_id = $1', [product_id]);
  return row;
}

export async function statusOf({ db }: Pick<Fixture, 'db'>, order_id: string): Promise<string | undefined> {
  const [row] = await db.query<{ status: string }>('select status from reservations where order_id = $1', [order_id]);
  return row?.status;
}

/** The events waiting in the outbox, oldest first. */
export async function eventsOf({ db }: Pick<Fixture, 'db'>, event_type: string): Promise<Record<string, unknown>[]> {
  const rows = await db.query<{ body: string }>('select body from outbox where event_type = $1 order by event_id', [event_type]);
  return rows.map((row) => JSON.parse(row.body) as Record<string, unknown>);
}

/** Products whose balances are not the sums of their ledger, or whose reserved pieces are not those of held orders. */
export function unbalanced({ db }: Pick<Fixture, 'db'>): Promise<unknown[]> {
  return db.query(
    `select s.product_id, s.on_hand, s.reserved, l.on_hand as ledger_on_hand, l.reserved as ledger_reserved, h.held
     from stock s
     cross join lateral (select coalesce(sum(on_hand_change), 0) on_hand, coalesce(sum(reserved_change), 0) reserved from movements m where m.product_id = s.product_id) l
     cross join lateral (
       select coalesce(sum(quantity), 0) held from (
         select (i ->> 'product_id')::uuid product_id, (i ->> 'quantity')::int quantity
         from reservations r, jsonb_array_elements(r.items) i where r.status = 'held'
         union all
         select (i ->> 'product_id')::uuid, -(i ->> 'quantity')::int
         from reservations r, jsonb_array_elements(r.shipped_items) i where r.status = 'held'
       ) lines where product_id = s.product_id
     ) h
     where s.on_hand <> l.on_hand or s.reserved <> l.reserved or s.reserved <> h.held or s.reserved > s.on_hand or s.reserved < 0`,
  );
}

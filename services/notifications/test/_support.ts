import { type AnyEvent, refusal } from '@souk/contracts';
import { type Clock, silentLog, systemIds } from '@souk/kernel';
import { messagingMigrations } from '@souk/messaging';
import { anEnvelope, type ConsumerFixture } from '@souk/messaging/testing';
import { openDatabase, type Tx } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { kitMigrations } from '@souk/service-kit';
import { createTestKeys, testConfig } from '@souk/service-kit/testing';
import type { Resolve } from '../src/clients/resolve-public.ts';
import { NotificationsConfig } from '../src/config.ts';
import { type NotificationsContext, openNotificationsContext } from '../src/context.ts';
import type { FindOrderSummaries, Message, Sender } from '../src/domain/required-interfaces.ts';

const migrations = new URL('../migrations/', import.meta.url);

export function aPerson(user_id: string = systemIds.uuid()) {
  return {
    user_id,
    username: 'carla',
    email: `carla-${user_id.slice(0, 8)}@mail.example`,
    full_name: 'Carla Customer',
    registration_source: 'api',
  };
}
export const aRegistration = (person = aPerson()): AnyEvent => anEnvelope('user.registered', person);
export const anErasure = (user_id: string, user_version = 9): AnyEvent => anEnvelope('user.deleted', { user_id, user_version });

export function aConfirmation(user_id: string, order_id: string = systemIds.uuid()): AnyEvent {
  return anEnvelope('order.confirmed', { order_id, order_version: 3, user_id, total_amount: 129.9, currency: 'EUR' });
}
export function aShipment(user_id: string, order_id: string = systemIds.uuid()): AnyEvent {
  return anEnvelope('order.shipped', { order_id, order_version: 4, user_id, carrier: 'Parcel Post', tracking_number: 'PP-1' });
}
export function aReturnIn(state: string, user_id: string, order_id: string): AnyEvent {
  const ids = { return_id: systemIds.uuid(), return_number: 'R-10001', order_id, order_number: 'S-10001', user_id };
  return anEnvelope('return.updated', { ...ids, state, items: [{ product_id: systemIds.uuid(), name: 'Oak lamp', quantity: 1 }] });
}
export function aRefund(order_id: string): AnyEvent {
  const ids = { payment_id: systemIds.uuid(), refund_id: systemIds.uuid(), order_id };
  return anEnvelope('payment.refunded', { ...ids, amount: 12.5, currency: 'EUR', reason: 'order cancelled' });
}

/** The service without its HTTP side: context and database, migrated and empty. */
export async function openFixture(
  overrides: {
    email?: Sender;
    config?: Partial<NotificationsConfig>;
    clock?: Clock;
    resolve?: Resolve;
    findOrderSummaries?: FindOrderSummaries;
  } = {},
): Promise<ConsumerFixture<NotificationsContext>> {
  const database = await freshDatabase({ folders: [messagingMigrations, kitMigrations, migrations] });
  const config = testConfig<NotificationsConfig>('notifications', NotificationsConfig, {
    database_url: database.url,
    send_retry_first_ms: 10,
    send_attempts_max: 3,
    ...overrides.config,
  });
  const keys = await createTestKeys();
  const senders = overrides.email ? { email: overrides.email } : {};
  const context = openNotificationsContext(config, {
    broker: undefined as never,
    log: silentLog,
    fetchKeys: async () => keys.key_set,
    senders,
    findOrderSummaries: overrides.findOrderSummaries ?? (async () => new Map()),
    ...(overrides.clock && { clock: overrides.clock }),
    ...(overrides.resolve && { resolve: overrides.resolve }),
  });
  const db = openDatabase({ url: database.url, application_name: 'test', pool_max: 3, log: silentLog });
  return {
    db,
    context,
    async close() {
      await context.db.close();
      await db.close();
      await database.drop();
    },
  };
}

export async function registered(fixture: ConsumerFixture<NotificationsContext>, person = aPerson()) {
  await fixture.db.query('insert into contacts (user_id, user_version, email, full_name, phone) values ($1, 1, $2, $3, $4)', [
    person.user_id,
    person.email,
    person.full_name,
    (person as { phone?: string }).phone ?? null,
  ]);
  return person;
}

/** A mail server of the test: takes what it is told to take and remembers it. */
export function aMailServer() {
  const got: Message[] = [];
  const state: { refuse: 'nothing' | 'for_now' | 'for_ever' } = { refuse: 'nothing' };
  const sender: Sender = {
    captures: false,
    async send(message) {
      if (state.refuse === 'for_ever') throw refusal('mail_refused', 'The mail server answered 550.');
      if (state.refuse === 'for_now') throw new Error('connection refused');
      got.push(message);
    },
    close: () => undefined,
  };
  return { got, state, sender };
}

/** What the consumer does with a batch: its failures. */
export async function handleAll(fixture: ConsumerFixture<NotificationsContext>, consumer: object, events: readonly AnyEvent[]) {
  const { handle } = consumer as { handle(ctx: NotificationsContext, tx: Tx, events: readonly AnyEvent[]): Promise<unknown> };
  return fixture.context.db.transaction((tx) => handle(fixture.context, tx, events));
}

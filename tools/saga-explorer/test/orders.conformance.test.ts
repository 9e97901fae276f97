/** The model of orders does what consumer, commands and deadlines do: every state that it reaches, every input, on PostgreSQL. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AppError, systemIds } from '@souk/kernel';
import { anEnvelope } from '@souk/messaging/testing';
import { buildOrders, type Checkout, OrdersConfig } from '@souk/orders';
import { checkoutConsumer } from '@souk/orders/consumers/checkout';
import { cancelOrder, completeOrder, shipOrder } from '@souk/orders/use-cases/command-order';
import { expireOrders } from '@souk/orders/use-cases/expire-orders';
import { realDecisions } from '../src/decisions.ts';
import { type EventName, events, eventTypeOf, messages } from '../src/model/messages.ts';
import { orderSteps, placedOrder, receiveInput } from '../src/model/orders.ts';
import { reachedStates } from './_reached.ts';
import { anHourAgo, handled, openService, takePublished } from './_service.ts';

const { context, db, close } = await openService({ name: 'orders', schema: OrdersConfig, build: buildOrders });
after(close);

const received = messages.filter(({ service }) => service === 'orders').map(({ event }) => event);
const states = reachedStates([placedOrder(2)], (state) => [
  ...orderSteps(realDecisions, state),
  ...received.flatMap((event) => receiveInput(realDecisions, state, event)),
]);

interface Written {
  status: string;
  cancel_reason: string | null;
  version: number;
  publishes: EventName[];
}

/** The order in this state, what is done to it, and how it is afterwards. */
async function written(state: Checkout, act: (order: { id: string; user_id: string }) => Promise<unknown>): Promise<Written> {
  const [id, user_id] = [systemIds.uuid(), systemIds.uuid()];
  const waits = state.status === 'pending' || state.status === 'awaiting_payment';
  const shipped = state.status === 'shipped' || state.status === 'completed';
  await db.query(
    `insert into orders (id, user_id, status, items, total_amount, currency, payment_method, cancel_reason, carrier, tracking_number, version, deadline_at,
                         payment_action, created_at, updated_at)
     values ($1, $2, $3, $12, $4, 'EUR', $5, $6, $7, $8, $9, $10, $11, now(), now())`,
    [
      id,
      user_id,
      state.status,
      state.total_amount,
      waits ? 'tok_visa' : null,
      state.status === 'cancelled' ? state.cancel_reason : null,
      shipped ? 'Post' : null,
      shipped ? '1' : null,
      state.version,
      waits ? anHourAgo() : null,
      state.status === 'awaiting_payment' && state.action !== null ? { payment_id: systemIds.uuid(), until: anHourAgo() } : null,
      JSON.stringify([{ product_id: systemIds.uuid(), sku: 'TEA', name: 'Green tea', quantity: 1, price: 2, line_total: 2 }]),
    ],
  );
  await act({ id, user_id });
  const [row] = await db.query<Omit<Written, 'publishes'>>('delete from orders where id = $1 returning status, cancel_reason, version', [
    id,
  ]);
  assert.ok(row);
  return { ...row, publishes: await takePublished(db, (event_type) => events.find((event) => eventTypeOf(event) === event_type)) };
}

function expected(state: Checkout, publishes: readonly EventName[]): Written {
  const { status, version } = state;
  return { status, version, cancel_reason: state.status === 'cancelled' ? state.cancel_reason : null, publishes: [...publishes] };
}

function messageOf(event: EventName, { id, user_id }: { id: string; user_id: string }): object {
  const money = { payment_id: systemIds.uuid(), amount: 0.02, currency: 'EUR' };
  const payload = {
    'inventory.reserved': { items: [] },
    'inventory.rejected': { shortages: [] },
    'payment.action_required': { payment_id: money.payment_id, until: anHourAgo() },
    'payment.processed': {
      ...money,
      user_id,
      status: event.endsWith('declined') ? 'declined' : 'succeeded',
      decline_code: 'card_declined',
    },
    'payment.refunded': { ...money, refund_id: systemIds.uuid(), reason: event },
  }[eventTypeOf(event)];
  return anEnvelope(eventTypeOf(event), { order_id: id, ...payload });
}

test('every message in every state', async () => {
  assert.ok(states.length >= 12, String(states.length));
  for (const state of states)
    for (const event of received) {
      const [outcome] = receiveInput(realDecisions, state, event);
      assert.ok(outcome);
      const found = await written(state, async (order) => {
        const failure = await handled(context, checkoutConsumer, messageOf(event, order));
        assert.equal(failure, outcome.breaks === undefined ? undefined : 'saga_impossible', `${state.status} ${event}`);
      });
      assert.deepEqual(found, expected(outcome.state, outcome.publishes), `${state.status} ${event}`);
    }
});

test('every command and the deadline in every state', async () => {
  const cause = { correlation_id: systemIds.uuid() };
  const commandOf = ({ id, user_id }: { id: string; user_id: string }, isStaff: boolean) => {
    const role = isStaff ? ('staff' as const) : ('customer' as const);
    return { order_id: id, caller: { user_id, role, actor: `${role}:${user_id}`, isStaff }, if_match: undefined, cause };
  };
  const unlessRefused = async (command: Promise<unknown>): Promise<void> => {
    await command.catch((error: unknown) => {
      if (!(error instanceof AppError) || !error.code.startsWith('order_not_')) throw error;
    });
  };
  type Order = { id: string; user_id: string };
  /** In the order in which the model lists them. */
  const acts: readonly ((order: Order) => Promise<unknown>)[] = [
    (order) => unlessRefused(cancelOrder(context, commandOf(order, false), undefined)),
    (order) => unlessRefused(shipOrder(context, commandOf(order, true), { carrier: 'Post', tracking_number: '1' })),
    (order) => unlessRefused(completeOrder(context, commandOf(order, true))),
    () => expireOrders(context, Date.now()),
  ];
  for (const state of states) {
    const outcomes = orderSteps(realDecisions, state);
    assert.equal(outcomes.length, acts.length);
    for (const [place, act] of acts.entries()) {
      const outcome = outcomes[place];
      assert.ok(outcome);
      assert.deepEqual(await written(state, act), expected(outcome.state, outcome.publishes), `${state.status}: ${outcome.says}`);
    }
  }
});

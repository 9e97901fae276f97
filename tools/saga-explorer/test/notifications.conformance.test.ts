/** The model of notifications writes the rows that its consumer writes: every state that it reaches, every message, on PostgreSQL. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemIds } from '@souk/kernel';
import { anEnvelope } from '@souk/messaging/testing';
import { buildNotifications, NotificationsConfig } from '@souk/notifications';
import { notifyCustomerConsumer } from '@souk/notifications/consumers/notify-customer';
import { realDecisions } from '../src/decisions.ts';
import { type EventName, eventTypeOf, messages } from '../src/model/messages.ts';
import { type News, newsSteps, noNews, receiveNews } from '../src/model/notifications.ts';
import { reachedStates } from './_reached.ts';
import { handled, openService } from './_service.ts';

const { context, db, close } = await openService({ name: 'notifications', schema: NotificationsConfig, build: buildNotifications });
after(close);

const events = messages.filter(({ service }) => service === 'notifications').map(({ event }) => event);
const states = reachedStates([noNews], (news) => [
  ...newsSteps(news),
  ...events.flatMap((event) => receiveNews(realDecisions, news, event)),
]).filter(({ rows }) => rows.length <= 3);

interface Written {
  rows: string[];
  fails: boolean;
}

/** Ids of events as the database wants them; the model calls an event by its name. */
async function written({ rows, moved }: News, event: EventName): Promise<Written> {
  const [order_id, user_id] = [systemIds.uuid(), systemIds.uuid()];
  const ids = new Map(events.map((one) => [one as string, systemIds.uuid()]));
  const address = moved ? 'carla@other.example' : 'carla@mail.example';
  await db.query(
    `insert into contacts (user_id, user_version, email, full_name, phone) values ($1, 1, $2, 'Carla Customer', '+41790000000')`,
    [user_id, address],
  );
  for (const { event_id, channel, recipient } of rows)
    await db.query(
      `insert into notifications (id, event_id, event_type, user_id, order_id, order_number, channel, recipient, body, status, next_attempt_at, created_at, sent_at)
       values ($1, $2, $3, $4, $5, 'S-10001', $6, $7, 'Hello', 'sent', now(), now(), now())`,
      [systemIds.uuid(), ids.get(event_id), eventTypeOf(event_id as EventName), user_id, order_id, channel, recipient],
    );
  const failure = await handled(
    context,
    notifyCustomerConsumer,
    messageOf(event, { order_id, user_id, event_id: ids.get(event) as string }),
  );
  const found = await db.query<{ event_id: string; channel: string; recipient: string }>(
    'select event_id, channel, recipient from notifications where order_id = $1',
    [order_id],
  );
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  return {
    rows: found.map(({ event_id, channel, recipient }) => `${names.get(event_id)} ${channel} ${recipient}`).sort(),
    fails: failure !== undefined,
  };
}

function messageOf(event: EventName, { order_id, user_id, event_id }: { order_id: string; user_id: string; event_id: string }): object {
  const event_type = eventTypeOf(event);
  if (event_type === 'payment.refunded') {
    const refund = { payment_id: systemIds.uuid(), refund_id: systemIds.uuid(), amount: 0.01, currency: 'EUR', reason: 'scratched' };
    return anEnvelope(event_type, { order_id, ...refund }, { event_id });
  }
  const order = { order_id, order_number: 'S-10001', order_version: 2, user_id, total_amount: 0.02, currency: 'EUR' };
  const rest = { reason: 'customer_request', cancelled_by: 'customer', money: 'taken', carrier: 'Post', tracking_number: '1' };
  return anEnvelope(event_type, { ...order, ...rest }, { event_id });
}

test('every message in every state', async () => {
  assert.ok(states.length >= 20, String(states.length));
  for (const state of states)
    for (const event of events) {
      const [outcome] = receiveNews(realDecisions, state, event);
      assert.ok(outcome);
      const rows = outcome.state.rows.map(({ event_id, channel, recipient }) => `${event_id} ${channel} ${recipient}`).sort();
      assert.deepEqual(await written(state, event), { rows, fails: outcome.fails !== undefined }, `${JSON.stringify(state)} ${event}`);
    }
});

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { silentLog } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { Webhook as Verifier } from 'standardwebhooks';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { trackContactsConsumer } from '../src/consumers/track-contacts.ts';
import { type NotificationsContext, openNotificationsContext } from '../src/context.ts';
import { deliveryAfter } from '../src/domain/webhook.ts';
import { changeWebhook, pingWebhook, replayDeliveries } from '../src/use-cases/change-webhook.ts';
import { deliverWebhooks } from '../src/use-cases/deliver-webhooks.ts';
import { keepWebhooks } from '../src/use-cases/keep-webhooks.ts';
import { readWebhook } from '../src/use-cases/read-webhooks.ts';
import { aConfirmation, anErasure, aRefund, aShipment, handleAll, registered } from './_support.ts';
import { aReceiver, openPosting, type Posted, type Receiver } from './_webhooks.ts';

type Shop = Awaited<ReturnType<typeof openPosting>>;
const unconditional = { if_match: undefined };
const dayMs = 86_400_000;
let shop: Shop;
let receiver: Receiver;
let user_id: string;

before(async () => {
  shop = await openPosting();
});
after(() => shop.fixture.close());
beforeEach(async () => {
  receiver = await aReceiver();
  ({ user_id } = await registered(shop.fixture));
});
afterEach(async () => {
  await receiver.close();
  await shop.fixture.db.query('delete from webhooks');
  await shop.fixture.db.query('delete from deliveries');
});

const context = (): NotificationsContext => shop.fixture.context;
const happen = (...events: ReturnType<typeof aConfirmation>[]) => handleAll(shop.fixture, notifyCustomerConsumer, events);
const states = async () => (await shop.deliveries()).map(({ status, attempts, last_status }) => [status, attempts, last_status]);
const isSigned = ({ body, headers }: Posted, secret: string): boolean => {
  try {
    new Verifier(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
/** A second process on the same database. */
function aReplica(): NotificationsContext {
  const { config, clock } = context();
  const replica = openNotificationsContext(config, {
    broker: undefined as never,
    log: silentLog,
    clock,
    fetchKeys: async () => ({ keys: [] }) as never,
  });
  replica.webhooks.inFlight.present = true;
  return replica;
}

test('an event is posted once, signed as Standard Webhooks says, with ids and no personal data', async () => {
  const { secret, id } = await shop.webhook(receiver.url, ['order.confirmed', 'payment.refunded']);
  const confirmed = aConfirmation(user_id);
  await happen(confirmed, aShipment(user_id, String(confirmed['order_id'])), aRefund(String(confirmed['order_id'])));
  await happen(confirmed);
  await shop.deliver();
  assert.equal(receiver.got.length, 2);
  const posted = receiver.got.find(({ headers }) => headers['webhook-id'] === confirmed.event_id) as Posted;
  assert.ok(isSigned(posted, secret));
  assert.ok(!isSigned({ ...posted, body: `${posted.body} ` }, secret));
  assert.deepEqual(JSON.parse(posted.body), {
    type: 'order.confirmed',
    timestamp: confirmed.timestamp,
    data: { order_id: confirmed['order_id'], user_id, status: 'confirmed', version: 3 },
  });
  assert.deepEqual(await states(), [
    ['delivered', 1, 204],
    ['delivered', 1, 204],
  ]);
  await happen(confirmed);
  await shop.deliver();
  assert.equal(receiver.got.length, 2, 'nor is it once it was delivered');
  assert.ok((await readWebhook(context(), id)).last_success_at);
  const rows = await shop.fixture.db.query<{ all: string }>('select s::text as all from webhook_secrets s');
  const plain = Buffer.from(secret.slice('whsec_'.length), 'base64');
  assert.ok(!rows.some(({ all }) => all.includes(secret) || all.includes(plain.toString('hex'))), 'the secret is sealed');
});

test('a shop without webhooks writes no row and asks the database nothing', async () => {
  context().webhooks.inFlight.present = false;
  await happen(aConfirmation(user_id));
  await handleAll(shop.fixture, trackContactsConsumer, [anErasure(user_id)]);
  assert.deepEqual(await shop.deliveries(), []);
  await keepWebhooks(context());
  const broken = { ...context(), db: undefined as never };
  assert.equal(await deliverWebhooks(broken), false);
});

test('a row is written with what else the event does, or not at all', async () => {
  await shop.webhook(receiver.url);
  await assert.rejects(
    shop.fixture.context.db.transaction(async (tx) => {
      await notifyCustomerConsumer.handle(context(), tx, [aConfirmation(user_id)] as never);
      throw new Error('the transaction fails');
    }),
    /fails/,
  );
  assert.deepEqual(await shop.deliveries(), []);
});

test('what fails is posted again later with the same id, only 2xx is a success, and no redirect is followed', async () => {
  const elsewhere = await aReceiver();
  const { id } = await shop.webhook(receiver.url);
  receiver.answers(302, { location: elsewhere.url });
  const confirmed = aConfirmation(user_id);
  await happen(confirmed);
  await shop.deliver();
  assert.deepEqual(await states(), [['pending', 1, 302]]);
  assert.equal(elsewhere.got.length, 0);
  await elsewhere.close();
  await shop.deliver();
  assert.equal(receiver.got.length, 1, 'not before its time');
  receiver.state.answer = (_posted, response) => response.destroy();
  shop.clock.advance(5_500);
  await shop.deliver();
  assert.deepEqual(await shop.deliveries(), [
    { event_id: confirmed.event_id, status: 'pending', attempts: 2, last_status: null, last_failure: 'connection_failed' },
  ]);
  assert.ok((await readWebhook(context(), id)).failing_since);
  receiver.answers(200);
  shop.clock.advance(330_000);
  await shop.deliver();
  assert.deepEqual(await states(), [['delivered', 3, 200]]);
  assert.deepEqual(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])), new Set([confirmed.event_id]));
  assert.equal((await readWebhook(context(), id)).failing_since, null);
});

test('after ten attempts it has failed; a replay posts it again with the same id', async () => {
  const { id } = await shop.webhook(receiver.url);
  const [confirmed, shipped] = [aConfirmation(user_id), aShipment(user_id)];
  await happen(confirmed, shipped);
  receiver.state.answer = ({ headers }, response) =>
    void response.writeHead(headers['webhook-id'] === confirmed.event_id ? 500 : 200).end();
  for (let attempts = 0; attempts < 10; attempts += 1) {
    await shop.deliver();
    shop.clock.advance(deliveryAfter(attempts, { status: 500, retry_after_ms: null }, 0, 1).next_attempt_at_ms);
  }
  const of = async ({ event_id }: typeof confirmed) => (await shop.deliveries()).find((row) => row.event_id === event_id);
  assert.deepEqual([(await of(confirmed))?.status, (await of(confirmed))?.attempts], ['failed', 10]);
  assert.equal((await of(shipped))?.attempts, 1);
  receiver.answers(200);
  const since = new Date(Date.parse(confirmed.timestamp) - 1_000).toISOString();
  assert.deepEqual(await replayDeliveries(context(), id, { since, only_failed: true }), { replayed: 1, more: false });
  await shop.deliver();
  assert.deepEqual([(await of(confirmed))?.status, (await of(confirmed))?.attempts], ['delivered', 1]);
  const both = await Promise.all([1, 2, 3].map(() => replayDeliveries(context(), id, { since })));
  assert.equal(
    both.reduce((sum, { replayed }) => sum + replayed, 0),
    2,
    'replays at once make nothing pending twice',
  );
  await shop.deliver();
  assert.equal(receiver.got.filter(({ headers }) => headers['webhook-id'] === shipped.event_id).length, 2);
  assert.deepEqual(await replayDeliveries(context(), id, { since: since, until: since }), { replayed: 0, more: false });
});

test('410 disables at once; a webhook that is active again gets what it missed', async () => {
  const { id } = await shop.webhook(receiver.url);
  receiver.answers(410);
  await happen(aConfirmation(user_id));
  await shop.deliver();
  const { status, disabled_reason } = await readWebhook(context(), id);
  assert.deepEqual([status, disabled_reason], ['disabled', 'gone']);
  await happen(aConfirmation(user_id));
  assert.equal((await shop.deliveries()).length, 1, 'a disabled one gets no new deliveries');
  await assert.rejects(pingWebhook(context(), id), { code: 'webhook_not_active' });
  receiver.answers(200);
  shop.clock.advance(dayMs);
  await changeWebhook(context(), id, { status: 'active' }, unconditional);
  await shop.deliver();
  assert.deepEqual(await states(), [['delivered', 2, 200]]);
});

test('five days without a success disable', async () => {
  const { id } = await shop.webhook(receiver.url);
  receiver.answers(500);
  await happen(aConfirmation(user_id));
  await shop.deliver();
  shop.clock.advance(5 * dayMs);
  await shop.deliver();
  assert.deepEqual(
    [(await readWebhook(context(), id)).status, (await readWebhook(context(), id)).disabled_reason],
    ['disabled', 'failing'],
  );
});

test('429 with Retry-After holds the webhook as long as it asks, then one at a time', async () => {
  await shop.webhook(receiver.url);
  receiver.answers(429, { 'retry-after': '60' });
  await happen(aConfirmation(user_id));
  await shop.deliver();
  await happen(aConfirmation(user_id), aConfirmation(user_id), aConfirmation(user_id));
  shop.clock.advance(59_000);
  await shop.deliver();
  assert.equal(receiver.got.length, 1);
  receiver.state.most_open = 0;
  receiver.answers(200);
  shop.clock.advance(8_000);
  await shop.deliver();
  assert.equal(receiver.got.length, 5);
});

test('a slow receiver delays its own deliveries only, of which four are under way at once', async () => {
  const slow = await aReceiver();
  const held: (() => void)[] = [];
  slow.state.answer = (_posted, response) => held.push(() => void response.writeHead(200).end());
  await shop.webhook(slow.url);
  await shop.webhook(receiver.url);
  await happen(...Array.from({ length: 7 }, () => aConfirmation(user_id)));
  const replica = aReplica();
  context().webhooks.inFlight.present = true;
  const bothPost = async (): Promise<void> => {
    for (const one of [context(), replica]) while (await deliverWebhooks(one));
  };
  await until(async () => {
    await bothPost();
    return receiver.got.length === 7 && held.length === 4 ? undefined : `${receiver.got.length} of the quick one, ${held.length} held`;
  });
  await until(async () => {
    await bothPost();
    for (const release of held.splice(0)) release();
    return slow.got.length === 7 && context().webhooks.inFlight.under_way + replica.webhooks.inFlight.under_way === 0
      ? undefined
      : 'not all';
  });
  assert.equal(slow.state.most_open, 4, 'in both processes together');
  await replica.db.close();
  await slow.close();
});

test('two replicas never post one delivery twice', async () => {
  await shop.webhook(receiver.url);
  const replicas = [context(), aReplica(), aReplica()];
  context().webhooks.inFlight.present = true;
  await happen(...Array.from({ length: 40 }, () => aConfirmation(user_id)));
  await until(async () => {
    await Promise.all(replicas.map((one) => deliverWebhooks(one)));
    return (await shop.deliveries()).every(({ status }) => status === 'delivered') ? undefined : 'not all are delivered';
  });
  const ids = receiver.got.map(({ headers }) => headers['webhook-id']);
  assert.deepEqual([ids.length, new Set(ids).size], [40, 40]);
  assert.ok(receiver.state.most_open <= 4, String(receiver.state.most_open));
  await Promise.all(replicas.slice(1).map(({ db }) => db.close()));
});

test('what was posted by a process that died before it could record it is posted again with the same id, after the lease', async () => {
  await shop.webhook(receiver.url);
  const confirmed = aConfirmation(user_id);
  await happen(confirmed);
  const dying = aReplica();
  const { db } = dying;
  const transaction = db.transaction.bind(db);
  let transactions = 0;
  // The first claims; the second would record.
  const dead = {
    ...db,
    transaction: (work: never) => (transactions++ === 0 ? transaction(work) : Promise.reject(new Error('the process is gone'))),
  };
  assert.equal(await deliverWebhooks({ ...dying, db: dead as never }), true);
  await until(() => (receiver.got.length === 1 && dying.webhooks.inFlight.under_way === 0 ? undefined : 'not posted'));
  await shop.deliver();
  assert.equal(receiver.got.length, 1, 'leased');
  shop.clock.advance(60_001);
  await shop.deliver();
  assert.deepEqual(
    receiver.got.map(({ headers }) => headers['webhook-id']),
    [confirmed.event_id, confirmed.event_id],
  );
  assert.deepEqual(await states(), [['delivered', 1, 204]]);
  await db.close();
});

test('what a process finds out after its lease changes nothing that another one has recorded meanwhile', async () => {
  await shop.webhook(receiver.url);
  await happen(aConfirmation(user_id));
  const held: (() => void)[] = [];
  receiver.state.answer = (_posted, response) => held.push(() => void response.writeHead(500).end());
  const slow = aReplica();
  await deliverWebhooks(slow);
  await until(() => (held.length === 1 ? undefined : 'not posted'));
  receiver.answers(200);
  shop.clock.advance(60_001);
  await shop.deliver();
  held[0]?.();
  await until(() => (slow.webhooks.inFlight.under_way === 0 ? undefined : 'not recorded'));
  assert.deepEqual(await states(), [['delivered', 1, 200]]);
  await slow.db.close();
});

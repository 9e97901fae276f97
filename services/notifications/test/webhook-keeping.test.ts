import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { proofOf } from '@souk/service-kit/testing';
import { Webhook as Verifier } from 'standardwebhooks';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import type { NotificationsContext } from '../src/context.ts';
import { changeWebhook, deleteWebhook, pingWebhook, rotateSecret } from '../src/use-cases/change-webhook.ts';
import { keepWebhooks } from '../src/use-cases/keep-webhooks.ts';
import { readWebhook } from '../src/use-cases/read-webhooks.ts';
import { aConfirmation, handleAll, registered } from './_support.ts';
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
/** An event of this moment. */
const aSale = (ms = 0) => ({ ...aConfirmation(user_id), timestamp: new Date(shop.clock.now() + ms).toISOString() });
const happen = (...events: ReturnType<typeof aConfirmation>[]) => handleAll(shop.fixture, notifyCustomerConsumer, events);

test('after a rotation both secrets sign for a day, then the new one alone; five sign at most', async () => {
  const { id, secret: old } = await shop.webhook(receiver.url);
  const { secret: fresh } = await rotateSecret(context(), id, unconditional);
  await pingWebhook(context(), id);
  await shop.deliver();
  shop.clock.advance(dayMs + 1);
  await pingWebhook(context(), id);
  await shop.deliver();
  const [first, second] = receiver.got.map((posted) => ({ ...posted, headers: { ...posted.headers } }));
  assert.equal(first?.headers['webhook-signature']?.split(' ').length, 2);
  assert.equal(second?.headers['webhook-signature']?.split(' ').length, 1);
  assert.ok(Math.abs(Number(first?.headers['webhook-timestamp']) - Math.floor((shop.clock.now() - dayMs) / 1_000)) <= 1);
  const signs = (posted: Posted, secret: string): boolean =>
    posted.headers['webhook-signature']
      ?.split(' ')
      .includes(
        new Verifier(secret).sign(
          posted.headers['webhook-id'] ?? '',
          new Date(Number(posted.headers['webhook-timestamp']) * 1_000),
          posted.body,
        ),
      ) ?? false;
  assert.deepEqual([signs(first as Posted, old), signs(first as Posted, fresh)], [true, true]);
  assert.deepEqual([signs(second as Posted, old), signs(second as Posted, fresh)], [false, true]);
  const rotations = await Promise.allSettled(Array.from({ length: 8 }, () => rotateSecret(context(), id, unconditional)));
  assert.equal(rotations.filter(({ status }) => status === 'fulfilled').length, 4);
  assert.equal((await readWebhook(context(), id)).version, 6);
});

test('administrators are written to about a webhook that was disabled, once, also when users was away', async () => {
  const [first, second] = [await registered(shop.fixture), await registered(shop.fixture)];
  const { id } = await shop.webhook(receiver.url);
  receiver.answers(410);
  await happen(aSale());
  await shop.deliver();
  await assert.rejects(keepWebhooks(context()), { code: 'service_unavailable' });
  const { config } = context();
  const users = createServer((request, response) => {
    const body = JSON.stringify({ user_ids: [first.user_id, second.user_id, id] });
    response.writeHead(200, { 'content-type': 'application/json', ...proofOf(config.internal_token, request.headers) }).end(body);
  });
  await new Promise<void>((resolve) => users.listen(0, '127.0.0.1', resolve));
  const users_url = `http://127.0.0.1:${(users.address() as AddressInfo).port}`;
  const mended = { ...context(), config: { ...config, users_url } };
  await Promise.all([keepWebhooks(mended), keepWebhooks(mended)]);
  users.close();
  users.closeAllConnections();
  const mails = await shop.fixture.db.query<{ user_id: string; subject: string; body: string }>(
    `select user_id, subject, body from notifications where event_type = 'webhook.disabled' order by user_id`,
  );
  assert.deepEqual(
    mails.map((mail) => mail.user_id),
    [first.user_id, second.user_id].sort(),
  );
  assert.match(mails[0]?.body ?? '', /webhook at 127\.0\.0\.1:\d+: it answered that it is gone/);
});

test('deliveries are kept in partitions by day: thirty days, and nothing older is written', async () => {
  await shop.webhook(receiver.url);
  await happen(aSale(), aSale(-31 * dayMs));
  assert.equal((await shop.deliveries()).length, 1);
  const partitions = async () =>
    (
      await shop.fixture.db.query<{ name: string; rows: number }>(
        `select tableoid::regclass::text name, count(*)::int "rows" from deliveries group by 1`,
      )
    ).map(({ name, rows }) => `${name} ${rows}`);
  await keepWebhooks(context());
  await happen(aSale());
  const day = aSale().timestamp.slice(0, 10).replaceAll('-', '');
  assert.deepEqual(await partitions(), [`deliveries_${day} 2`]);
  await keepWebhooks(context());
  shop.clock.advance(33 * dayMs);
  await keepWebhooks(context());
  assert.deepEqual(await partitions(), []);
});

test('paused webhooks collect, deleted ones post nothing any more', async () => {
  const { id, version } = await shop.webhook(receiver.url);
  await changeWebhook(context(), id, { status: 'paused' }, { if_match: `"${version}"` });
  await happen(aSale());
  await shop.deliver();
  assert.equal(receiver.got.length, 0);
  await changeWebhook(context(), id, { status: 'active' }, unconditional);
  await shop.deliver();
  assert.equal(receiver.got.length, 1);
  await assert.rejects(changeWebhook(context(), id, { status: 'paused' }, { if_match: '"1"' }), { code: 'precondition_failed' });
  await happen(aSale());
  await deleteWebhook(context(), id, unconditional);
  await shop.deliver();
  assert.equal(receiver.got.length, 1);
});

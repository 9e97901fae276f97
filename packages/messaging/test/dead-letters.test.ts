import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { refusal } from '@souk/contracts';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { embeddedBrokerMigrations, eraseDeadLetters, messagingMigrations, openEmbeddedBroker } from '@souk/messaging';
import { anEnvelope, until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { createDeadLetters, drainDeadQueues } from '../src/dead-letters.ts';

const brokerDatabase = await freshDatabase({ folders: [embeddedBrokerMigrations] });
const database = await freshDatabase({ folders: [messagingMigrations] });
const broker = openEmbeddedBroker({ url: brokerDatabase.url, log: silentLog, clock: systemClock, ids: systemIds, poll_ms: 20 });
const db = openDatabase({ url: database.url, application_name: 'test', pool_max: 4, log: silentLog });
const queue = 'payments.create-payment';
await broker.declare([
  { name: queue, routing_keys: [] },
  { name: 'payments.refund-payment', routing_keys: [] },
  { name: 'payments.erase-user', routing_keys: [] },
]);
const deadLetters = createDeadLetters(db, broker);
const drains = drainDeadQueues('payments', db, broker, 'test');
after(async () => {
  await Promise.all(drains.map((drain) => drain.close()));
  await broker.close();
  await db.close();
  await database.drop();
  await brokerDatabase.drop();
});

const token = 'tok_of_a_card';
/** Puts messages into the dead queue, as a consumer does that gives them up, and waits for their rows. */
async function die(...bodies: string[]): Promise<void> {
  const wanted = (await deadLetters.count()) + bodies.length;
  const message = (body: string) => ({ message_id: systemIds.uuid(), routing_key: 'payment.requested', body });
  const rest = { correlation_id: systemIds.uuid(), headers: { 'x-souk-detail': `refused ${token}` }, mandatory: true };
  await broker.publishTo(
    `${queue}.dead`,
    bodies.map((body) => ({ ...message(body), ...rest })),
  );
  await until(async () => ((await deadLetters.count()) === wanted ? undefined : 'the dead letters are on their way'));
}
const about = (user_id: string): string => JSON.stringify(anEnvelope('payment.requested', { user_id, payment_method: { token } }));
const kept = async (): Promise<string> => JSON.stringify(await db.query('select body, detail from dead_letters'));

test('dead letters of an erased person lose their content, before and after the erasure, and are not replayed', async () => {
  const [erased, other] = [systemIds.uuid(), systemIds.uuid()];
  await die(about(erased), about(erased.toUpperCase()), `{"half": "${erased}", "token": "${token}`);
  await db.transaction((tx) => eraseDeadLetters(tx, [erased]));
  await die(about(erased), about(erased.toUpperCase()));
  const text = await kept();
  assert.ok(!text.includes(token) && !text.toLowerCase().includes(erased), text);
  assert.equal(await deadLetters.count(), 5, 'what died is still counted');
  await die(about(other));
  assert.equal(await deadLetters.replay({}), 1, 'only the dead letter with content can be handled again');
  assert.equal(await deadLetters.count(), 5);
  assert.equal(await deadLetters.discard({}), 5);
});

test('a dead letter that is written while the person is erased is blanked too', async () => {
  const person = systemIds.uuid();
  const many = Array.from({ length: 10 }, () => about(person));
  await Promise.all([
    die(...many),
    db.transaction(async (tx) => {
      await eraseDeadLetters(tx, [person]);
      await tx.query('select pg_sleep(0.2)');
    }),
  ]);
  assert.ok(!(await kept()).includes(token));
  await deadLetters.discard({});
});

test('a replay while the broker is away loses no dead letter, and is done when it is back', async () => {
  await die('{}', '{}');
  const away = createDeadLetters(db, { ...broker, publishTo: () => Promise.reject(refusal('broker_unavailable')) });
  await assert.rejects(away.replay({}), { code: 'broker_unavailable' });
  assert.equal(await deadLetters.count(), 2);
  assert.equal(await deadLetters.replay({}), 2);
  assert.equal(await deadLetters.count(), 0);
});

test('dead letters older than their time are forgotten in batches, younger ones are kept', async () => {
  await die('{}', '{}', '{}');
  await db.query(`update dead_letters set died_at = to_timestamp(id) where id < (select max(id) from dead_letters)`);
  const before = Date.now() - 86_400_000;
  assert.equal(await deadLetters.forget(before, 1), 1);
  assert.equal(await deadLetters.forget(before, 10), 1);
  assert.equal(await deadLetters.forget(before, 10), 0);
  assert.equal(await deadLetters.count(), 1);
});

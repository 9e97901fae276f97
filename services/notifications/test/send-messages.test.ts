import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { asDelivery, createBatchHandler, until } from '@souk/messaging/testing';
import { tellCustomer } from '../src/consumers/tell-customer.ts';
import { sendMessages } from '../src/jobs/send-messages.ts';
import { aConfirmation, aMailServer, openWorld, registered } from './_support.ts';

const never = new AbortController().signal;

async function withMail(
  work: (parts: {
    world: Awaited<ReturnType<typeof openWorld>>;
    mail: ReturnType<typeof aMailServer>;
    tell(): Promise<void>;
    rows(): Promise<{ status: string; attempts: number; failure: string | null }[]>;
  }) => Promise<void>,
) {
  const mail = aMailServer();
  const world = await openWorld({ email: mail.sender });
  const handler = createBatchHandler(tellCustomer as never, world.context, {
    service: 'notifications',
    db: world.db,
    broker: undefined as never,
    clock: systemClock,
    log: silentLog,
    metrics: silentMetrics,
  });
  const person = await registered(world);
  try {
    await work({
      world,
      mail,
      tell: async () => void (await handler([asDelivery(aConfirmation(person.user_id, systemIds.uuid()))])),
      rows: () => world.db.query('select status, attempts, failure from notifications order by id'),
    });
  } finally {
    await world.close();
  }
}

test('a message is sent once with a stable id and stands in the history as sent', () =>
  withMail(async ({ world, mail, tell, rows }) => {
    await tell();
    assert.equal(await sendMessages.run(world.context, never), true);
    assert.equal(await sendMessages.run(world.context, never), false);
    assert.equal(mail.got.length, 1);
    assert.match(mail.got[0]?.body ?? '', /129\.90 EUR/);
    assert.deepEqual(await rows(), [{ status: 'sent', attempts: 1, failure: null }]);
  }));

test('a mail server that is away for a while delays a message and does not lose it', () =>
  withMail(async ({ world, mail, tell, rows }) => {
    mail.state.refuse = 'for_now';
    await tell();
    await sendMessages.run(world.context, never);
    assert.deepEqual(
      (await rows()).map((row) => row.status),
      ['pending'],
    );
    mail.state.refuse = 'nothing';
    await until(async () => {
      await sendMessages.run(world.context, never);
      return mail.got.length === 1 ? undefined : 'not sent';
    });
    assert.deepEqual(
      (await rows()).map((row) => row.status),
      ['sent'],
    );
  }));

test('a refusal for ever fails at once, and the history says why', () =>
  withMail(async ({ world, mail, tell, rows }) => {
    mail.state.refuse = 'for_ever';
    await tell();
    await sendMessages.run(world.context, never);
    assert.deepEqual(await rows(), [{ status: 'failed', attempts: 1, failure: 'The mail server answered 550.' }]);
  }));

test('what a dead process was sending is sent by another when the lease is over', () =>
  withMail(async ({ world, mail, tell }) => {
    await tell();
    world.context.postbag.take(100);
    assert.equal(await sendMessages.run(world.context, never), false);
    await world.db.query(`update notifications set next_attempt_at = now() - interval '1 second'`);
    assert.equal(await sendMessages.run(world.context, never), true);
    assert.equal(mail.got.length, 1);
  }));

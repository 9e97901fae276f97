import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { InstanceStatus } from '@souk/contracts';
import { until } from '@souk/messaging/testing';
import { createSchemaCheck, PlatformConfig, type Service } from '../src/index.ts';
import { type TestService, testService } from '../src/testing.ts';
import { buildGifts } from './gift-shop.ts';

let shop: TestService<Service>;
before(async () => {
  shop = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, overrides: { redis: { state: () => 'away' } } });
});
after(() => shop.stop());

async function readStatus(): Promise<InstanceStatus> {
  const answer = await fetch(`${shop.url}/internal/status`, { headers: { authorization: `Bearer ${shop.internal_token}` } });
  assert.equal(answer.status, 200);
  const body: unknown = await answer.json();
  assert.equal(createSchemaCheck(InstanceStatus)(body), undefined);
  return body as InstanceStatus;
}

describe('the instance status of a service', () => {
  it('are for other processes of the platform only', async () => {
    assert.equal((await fetch(`${shop.url}/internal/status`)).status, 401);
    const authorization = `Bearer ${await shop.tokenFor({ role: 'admin' })}`;
    assert.equal((await fetch(`${shop.url}/internal/status`, { headers: { authorization } })).status, 403);
  });

  it('count the requests to the API, and nothing else', async () => {
    const earlier = (await readStatus()).requests;
    await fetch(`${shop.url}/api/people/ann/gifts`, { method: 'POST' });
    await fetch(`${shop.url}/health`);
    await fetch(`${shop.url}/api/texts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"x"}' });
    const now = (await readStatus()).requests;
    assert.equal(now.requests - earlier.requests, 2);
    assert.equal(now.buckets.at(-1)?.count, now.requests, 'all within the last bound');
    assert.ok(
      now.buckets.every(({ count }, index) => count >= (now.buckets[index - 1]?.count ?? 0)),
      'buckets are cumulative',
    );
  });

  it('tell of queues, letters, broker, database and Redis', async () => {
    await shop.service.context.db.query(
      `insert into dead_letters (queue, event_id, event_type, reason, detail, attempts, code_version, body)
       select 'orders.checkout', gen_random_uuid()::text, 'order.created', reason, 'x', 1, '1', '{}' from unnest(array['event_invalid', 'saga_impossible', 'event_invalid']) reason`,
    );
    // The service joins its broker beside its start, and a look at the queues is shared for a second.
    await until(async () => ((await readStatus()).queues.every(({ ready }) => ready !== null) ? undefined : 'the queues are not declared'));
    const { dead_letters, queues, broker, redis, database, checks, missing, chaos, status } = await readStatus();
    assert.deepEqual(
      dead_letters.map(({ queue, count, reasons }) => [queue, count, reasons]),
      [['orders.checkout', 3, ['event_invalid', 'saga_impossible']]],
    );
    assert.deepEqual(
      queues.map(({ queue, ready, unsettled, attached }) => [queue, ready, unsettled, attached]),
      [
        ...['orders.checkout', 'orders.track-catalogue', 'orders.erase-user', 'orders.link-guest', 'orders.settle-return'],
        'orders.note-payment',
      ].map((queue) => [queue, 0, 0, false]),
    );
    assert.deepEqual([broker, redis, chaos, missing], [{ kind: 'embedded', connected: true }, { connected: false }, null, []]);
    assert.equal(checks['redis']?.status, 'degraded');
    assert.equal(status, 'degraded');
    assert.ok(database && database.busy + database.idle >= 1);
  });

  it('name the part that cannot be read, and go on with the others', async () => {
    const heal = await shop.database.refuse();
    const { missing, dead_letters, queues, status } = await readStatus();
    await heal();
    assert.deepEqual(
      missing.map(({ part }) => part),
      ['dead letters'],
    );
    assert.deepEqual([dead_letters, queues.length, status], [[], 6, 'unhealthy']);
  });
});

it('a scrape does not count its own questions among the callers that wait for the database', async (t) => {
  const small = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, config: { db_pool_max: 1 } });
  t.after(() => small.stop());
  const waiting = async (): Promise<string | undefined> =>
    /^souk_database_waiting\{[^}]*\} (\d+)$/m.exec(await (await fetch(`${small.url}/metrics`)).text())?.[1];
  const { db } = small.service.context;
  const quiet = (): boolean => db.pool().waiting === 0 && db.pool().idle === db.pool().total;
  // The service has joined its broker and done its first jobs: from now on the one connection is idle.
  let looks = 0;
  await until(() => {
    looks = quiet() ? looks + 1 : 0;
    return looks > 20 ? undefined : 'the service is busy with its start';
  });
  assert.equal(await waiting(), '0');
  const held = db.query('select pg_sleep(0.5)');
  const waits = db.query('select 1');
  assert.notEqual(await waiting(), '0', 'a caller that waits is counted');
  await Promise.all([held, waits]);
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { InstanceFigures } from '@souk/contracts';
import { until } from '@souk/messaging/testing';
import { createSchemaCheck, PlatformConfig, type Service } from '../src/index.ts';
import { type TestService, testService } from '../src/testing.ts';
import { buildGifts } from './gift-shop.ts';

let shop: TestService<Service>;
before(async () => {
  shop = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, overrides: { redis: { state: () => 'away' } } });
});
after(() => shop.stop());

async function figures(): Promise<InstanceFigures> {
  const answer = await fetch(`${shop.url}/internal/figures`, { headers: { authorization: `Bearer ${shop.internal_token}` } });
  assert.equal(answer.status, 200);
  const body: unknown = await answer.json();
  assert.equal(createSchemaCheck(InstanceFigures)(body, true), undefined);
  return body as InstanceFigures;
}

describe('the figures of a service', () => {
  it('are for other processes of the platform only', async () => {
    assert.equal((await fetch(`${shop.url}/internal/figures`)).status, 401);
    const authorization = `Bearer ${await shop.tokenFor({ role: 'admin' })}`;
    assert.equal((await fetch(`${shop.url}/internal/figures`, { headers: { authorization } })).status, 403);
  });

  it('count the requests to the API, and nothing else', async () => {
    const earlier = (await figures()).requests;
    await fetch(`${shop.url}/api/people/ann/gifts`, { method: 'POST' });
    await fetch(`${shop.url}/health`);
    await fetch(`${shop.url}/api/texts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"x"}' });
    const now = (await figures()).requests;
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
    await until(async () => ((await figures()).queues.every(({ ready }) => ready !== null) ? undefined : 'the queues are not declared'));
    const { dead_letters, queues, broker, redis, database, checks, missing, chaos, status } = await figures();
    assert.deepEqual(
      dead_letters.map(({ queue, count, reasons }) => [queue, count, reasons]),
      [['orders.checkout', 3, ['event_invalid', 'saga_impossible']]],
    );
    assert.deepEqual(
      queues.map(({ queue, ready, unsettled, attached }) => [queue, ready, unsettled, attached]),
      ['orders.checkout', 'orders.track-catalogue', 'orders.erase-user'].map((queue) => [queue, 0, 0, false]),
    );
    assert.deepEqual([broker, redis, chaos, missing], [{ kind: 'embedded', connected: true }, { connected: false }, null, []]);
    assert.equal(checks['redis']?.status, 'degraded');
    assert.equal(status, 'degraded');
    assert.ok(database && database.busy + database.idle >= 1);
  });

  it('name the part that cannot be read, and go on with the others', async () => {
    const heal = await shop.database.refuse();
    const { missing, dead_letters, queues, status } = await figures();
    await heal();
    assert.deepEqual(
      missing.map(({ part }) => part),
      ['dead letters'],
    );
    assert.deepEqual([dead_letters, queues.length, status], [[], 3, 'unhealthy']);
  });
});

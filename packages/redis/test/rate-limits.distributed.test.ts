import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { silentLog } from '@souk/kernel';
import { type Redis, redisRateLimitSync } from '@souk/redis';
import { away, eventually, freshPrefix, localLimit, ready, type TestServer, testServer } from './_support.ts';

const window = 29_000_000;
const quota = 100;

describe('rate limits of two gateways', () => {
  let made: TestServer;
  let redis: Redis;
  before(async () => {
    made = await testServer();
    redis = made.open();
    await ready(redis);
  });
  after(() => made.end());

  const gateways = (prefix: string) =>
    [1, 2].map(() => ({
      limit: localLimit(quota, window),
      sync: redisRateLimitSync(redis, { prefix, log: silentLog, timeout_ms: 2_000 }),
    }));

  for (const between of [1, 10, 60]) {
    it(`let through one quota together, and at most what came in one interval more (${between} requests between exchanges)`, async () => {
      const both = gateways(freshPrefix());
      let allowed = 0;
      for (let request = 1; request <= 600; request += 1) {
        const { limit } = both[request % 2] ?? assert.fail();
        if (limit.take('user:1')) allowed += 1;
        if (request % between === 0) for (const { limit: own, sync } of both) own.absorb(await sync.exchange('write', own.collect()));
      }
      assert.ok(allowed >= quota, `${allowed} were allowed`);
      assert.ok(allowed <= quota + 2 * between, `${allowed} were allowed`);
    });
  }

  it('know what was counted in the window before, also by others', async () => {
    const [one, two] = gateways(freshPrefix());
    await one?.sync.exchange('read', [{ key: 'ip:1', window: window - 1, count: 7 }]);
    assert.deepEqual(await two?.sync.exchange('read', [{ key: 'ip:1', window, count: 2 }]), [
      { key: 'ip:1', window: window - 1, count: 7 },
      { key: 'ip:1', window, count: 2 },
    ]);
    assert.deepEqual(
      await two?.sync.exchange('auth', [{ key: 'ip:1', window, count: 1 }]),
      [{ key: 'ip:1', window, count: 1 }],
      'classes do not mix',
    );
  });

  it('take many keys in one exchange, and leave nothing that does not end', async () => {
    const prefix = freshPrefix();
    const [one, two] = gateways(prefix);
    const counts = Array.from({ length: 2_000 }, (_, id) => ({ key: `user:${id}`, window, count: 1 }));
    await one?.sync.exchange('read', counts);
    const totals = await two?.sync.exchange('read', counts);
    assert.equal(totals?.length, 2_000);
    assert.ok(totals?.every(({ count }) => count === 2));
    const ttl_ms = await redis.send<number>(['PTTL', `${prefix}:rate:read:${window}:user:5`]);
    assert.ok(ttl_ms > 60_000 && ttl_ms <= 121_000 + 2_000, `${ttl_ms} ms`);
  });

  it('count alone while Redis is away, and send it all when it is back', async () => {
    const [one, two] = gateways(freshPrefix());
    await made.server.kill();
    await away(redis);
    let allowed = 0;
    for (let request = 0; request < 150; request += 1) if (one?.limit.take('user:1')) allowed += 1;
    assert.equal(allowed, quota, 'each holds its own limit');
    assert.deepEqual(await one?.sync.exchange('write', one.limit.collect()), []);
    await made.server.restart();
    await ready(redis);
    await one?.sync.exchange('write', [{ key: 'user:2', window, count: 1 }]);
    await eventually('the other learns it', async () => {
      assert.ok(two?.limit.take('user:1') ?? true);
      two?.limit.absorb(await two.sync.exchange('write', two.limit.collect()));
      return !two?.limit.take('user:1');
    });
  });
});

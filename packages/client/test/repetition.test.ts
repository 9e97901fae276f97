import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient, ProblemError, TransportError } from '../src/index.ts';
import { manualTiming, problemOf, sendJson, startServer } from './_server.ts';

const order_id = '01a20518-d385-705d-a094-bafc97027b7d';
const shipping_address = { street: 's', city: 'c', postal_code: 'p', country: 'AT' };
const wanted = { items: [{ product_id: order_id, quantity: 1 }], payment_method: 'tok_visa', shipping_address };

/** Fails as often as given, then answers. */
async function failing(failures: number, fail: 'cut' | number, headers: Record<string, string> = {}) {
  const shop = await startServer((_request, response, count) => {
    if (count > failures) return sendJson(response, 200, { id: order_id });
    if (fail === 'cut') return response.destroy();
    return sendJson(response, fail, problemOf(fail, 'overloaded'), headers);
  });
  const timing = manualTiming();
  return { shop, timing, client: createClient({ base_url: shop.base_url, token: 'mine', timing }) };
}

describe('a repetition', () => {
  for (const fail of ['cut', 429, 502, 503, 504] as const) {
    it(`follows ${fail}, for a read and for a write with a key`, async () => {
      const reading = await failing(3, fail);
      assert.equal((await reading.client.orders.get(order_id)).id, order_id);
      assert.equal(reading.shop.received.length, 4);
      // Full jitter: half of 200, 400 and 800 ms.
      assert.deepEqual(reading.timing.pauses, [100, 200, 400]);
      const writing = await failing(1, fail);
      await writing.client.orders.place(wanted);
      const keys = writing.shop.received.map(({ headers }) => headers['idempotency-key']);
      assert.equal(keys.length, 2);
      assert.match(String(keys[0]), /^[0-9a-f]{32}$/);
      assert.equal(keys[0], keys[1]);
      await writing.client.orders.place(wanted);
      assert.notEqual(writing.shop.received[2]?.headers['idempotency-key'], keys[0], 'each call has a key of its own');
    });

    it(`never follows ${fail} for a write without a key`, async () => {
      const { shop, client } = await failing(9, fail);
      await assert.rejects(client.orders.cancel(order_id, {}), fail === 'cut' ? TransportError : ProblemError);
      await assert.rejects(client.users.delete(order_id, {}));
      assert.equal(shop.received.length, 2);
    });
  }

  it('is made at most three times, and fewer when asked so', async () => {
    const { shop, client } = await failing(9, 503);
    await assert.rejects(client.orders.get(order_id), (error) => error instanceof ProblemError && error.code === 'overloaded');
    assert.equal(shop.received.length, 4);
    await assert.rejects(client.orders.get(order_id, { retries: 0 }));
    assert.equal(shop.received.length, 5);
    const key = await client.orders.place(wanted, { retries: 0, idempotency_key: 'mine' }).catch((error) => error.idempotency_key);
    assert.equal(key, 'mine');
  });

  it('waits as long as Retry-After says and a little more, or not at all when that is long', async () => {
    const short = await failing(1, 503, { 'retry-after': '4' });
    await short.client.orders.get(order_id);
    assert.deepEqual(short.timing.pauses, [4_100]);
    const dated = await failing(1, 429, { 'retry-after': new Date(short.timing.now() + 2_000).toUTCString() });
    await dated.client.orders.get(order_id);
    assert.deepEqual(dated.timing.pauses, [2_100]);
    const long = await failing(1, 429, { 'retry-after': '3600' });
    await assert.rejects(long.client.orders.get(order_id), (error) => error instanceof ProblemError && error.retry_after_s === 3_600);
    assert.equal(long.shop.received.length, 1);
  });

  it('does not follow a refusal that stays', async () => {
    const { shop, client } = await failing(1, 500);
    await assert.rejects(client.orders.get(order_id), ProblemError);
    assert.equal(shop.received.length, 1);
  });

  it('is one for ten requests in the long run', async () => {
    const { shop, client } = await failing(1_000, 503);
    for (let count = 0; count < 100; count += 1) await assert.rejects(client.orders.get(order_id));
    // Ten to begin with, and one for each ten of the hundred.
    assert.ok(shop.received.length >= 118 && shop.received.length <= 120, `${shop.received.length} requests`);
  });

  it('ends with the signal', async () => {
    const { shop, client } = await failing(9, 503, { 'retry-after': '20' });
    const waiting = client.with({ timing: { now: Date.now, random: Math.random, timer: () => () => undefined } });
    const leaving = new AbortController();
    const call = waiting.orders.get(order_id, { signal: leaving.signal });
    const settled = assert.rejects(call, /left/);
    while (shop.received.length === 0) await new Promise(setImmediate);
    leaving.abort(new Error('left'));
    await settled;
    assert.equal(shop.received.length, 1);
  });
});

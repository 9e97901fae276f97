import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { audit, createFactReader, type Fact, reportLines } from '@souk/auditor';
import { manualClock } from '@souk/kernel';
import fc from 'fast-check';
import { mergeByKey } from '../src/read-facts.ts';
import { aCharge, anOrder, aPayment, aReservation, aShop, aStock, now_ms, orderId, productId, readerOf, type Shop } from './_support.ts';

async function* streamOf(keys: readonly string[]): AsyncGenerator<Fact> {
  for (const key of keys) yield { key };
}

test('sorted streams are merged by key, each key once, with what each stream has for it', async () => {
  const merged: [string, boolean[]][] = [];
  for await (const { key, facts } of mergeByKey([streamOf(['a', 'c', 'd']), streamOf([]), streamOf(['b', 'c'])])) {
    merged.push([key, facts.map((fact) => fact?.key === key)]);
  }
  assert.deepEqual(merged, [
    ['a', [true, false, false]],
    ['b', [false, false, true]],
    ['c', [true, false, true]],
    ['d', [true, false, false]],
  ]);
});

test('any sorted streams are merged without loss', async () => {
  const keys = fc.uniqueArray(fc.uuid(), { maxLength: 20 }).map((list) => list.sort());
  await fc.assert(
    fc.asyncProperty(fc.array(keys, { minLength: 1, maxLength: 5 }), async (streams) => {
      const merged: string[] = [];
      const seen = streams.map((): string[] => []);
      for await (const { key, facts } of mergeByKey(streams.map(streamOf))) {
        merged.push(key);
        for (const [index, fact] of facts.entries()) if (fact) seen[index]?.push(fact.key);
      }
      assert.deepEqual(merged, [...new Set(streams.flat())].sort());
      assert.deepEqual(seen, streams);
    }),
    { numRuns: 50 },
  );
});

test('what looks wrong and settles while it is looked at again is no violation', async () => {
  const clock = manualClock(now_ms);
  const shop = aShop({ orders: [anOrder({ updated_at_ms: now_ms })], payments: [], provider: [] });
  let looks = 0;
  const facts = readerOf(shop, () => {
    looks += 1;
    clock.advance(1_000);
    if (looks === 2) Object.assign(shop, { payments: [aPayment({ updated_at_ms: clock.now() })], provider: [aCharge()] });
  });
  const report = await audit({ facts, clock });
  assert.deepEqual([report.balanced, looks], [true, 2]);
});

test('what stays wrong with nothing changing becomes a violation once the grace has passed', async () => {
  const clock = manualClock(now_ms);
  const shop = aShop({ orders: [anOrder({ updated_at_ms: now_ms })], payments: [], provider: [] });
  let looks = 0;
  const facts = readerOf(shop, () => {
    looks += 1;
    clock.advance(40_000);
  });
  const report = await audit({ facts, clock, grace_ms: 60_000 });
  assert.equal(looks, 2, 'at 40 s it may still be on its way, at 80 s it is not');
  assert.deepEqual(
    report.violations.map((found) => found.rule),
    ['sold_without_money'],
  );
  assert.equal(report.finished_at, new Date(now_ms + 80_000).toISOString());
});

test('a fault that has been there for long is reported at the first look', async () => {
  let looks = 0;
  const report = await audit({ facts: readerOf(aShop({ reservations: [] }), () => void looks++), clock: manualClock(now_ms) });
  assert.deepEqual([report.violations.length, looks], [1, 1]);
});

test('the report is one line when the books balance, and a line for each violation when they do not', async () => {
  const clock = manualClock(now_ms);
  assert.deepEqual(reportLines(await audit({ facts: readerOf(aShop()), clock })), [
    'books balanced: 1 orders, 1 payments, 2 movements, 0 violations',
  ]);
  const lines = reportLines(await audit({ facts: readerOf(aShop({ stock: [aStock({ on_hand: 1, movements_on_hand: 1 })] })), clock }));
  assert.deepEqual(lines, [
    `violation oversold: 2 reserved of 1 on hand [${productId(1)}]`,
    'BOOKS NOT BALANCED: 1 orders, 1 payments, 2 movements, 1 violations',
  ]);
});

test('the reader asks page by page with its token, finds single facts, and refuses when a service is away', async () => {
  const all = Array.from({ length: 7 }, (_, number) => ({ key: orderId(number) })).sort((left, right) => (left.key < right.key ? -1 : 1));
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const url = new URL(request.url ?? '', 'http://localhost');
    const after = url.searchParams.get('after') ?? '';
    const facts = all.filter((fact) => fact.key > after).slice(0, Number(url.searchParams.get('limit')));
    const last = facts.at(-1)?.key;
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ service: 'orders', now: '', facts, next: last === all.at(-1)?.key ? null : (last ?? null) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reader = createFactReader({ urlOf: () => url, internal_token: 'the internal token', page_size: 3 });
  const read: Fact[] = [];
  for await (const fact of reader.stream('orders', 'orders')) read.push(fact);
  assert.deepEqual(read, all);
  assert.deepEqual(
    asked,
    Array.from({ length: 3 }, () => 'Bearer the internal token'),
  );
  for (const fact of all) assert.deepEqual(await reader.one('orders', 'orders', fact.key), fact);
  assert.equal(await reader.one('orders', 'orders', orderId(99)), undefined);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(reader.one('orders', 'orders', orderId(1)), { code: 'service_unavailable' });
  await assert.rejects(audit({ facts: reader, clock: manualClock(now_ms) }), { code: 'service_unavailable' });
});

type Fate = 'waiting' | 'sold_out' | 'declined' | 'confirmed' | 'completed' | 'cancelled_paid' | 'cancelled_early' | 'refunded_partly';
const fates: readonly Fate[] = [
  'waiting',
  'sold_out',
  'declined',
  'confirmed',
  'completed',
  'cancelled_paid',
  'cancelled_early',
  'refunded_partly',
];

/** The facts of a shop to which these fates happened, everything taken and given back as it should be. */
function shopOf(orders: readonly { fate: Fate; quantity: number; price: number }[]): Shop {
  const shop = aShop({ orders: [], reservations: [], payments: [], provider: [] });
  let held = 0;
  let left = 0;
  orders.forEach(({ fate, quantity, price }, number) => {
    const order_id = orderId(number);
    const items = [{ product_id: productId(1), quantity }];
    const total_amount = price * quantity;
    const paid = { order_id, amount: total_amount, captured: total_amount };
    const add = (status: Parameters<typeof anOrder>[0], reservation?: Parameters<typeof aReservation>[0], refunded?: number): void => {
      shop.orders.push(anOrder({ order_id, items, total_amount, items_amount: total_amount, ...status }));
      if (reservation) shop.reservations.push(aReservation({ order_id, items, ...reservation }));
      if (refunded === undefined) return;
      shop.payments.push(aPayment({ ...paid, refunded }));
      shop.provider.push(aCharge({ key: order_id, charged: total_amount, refunded }));
    };
    if (fate === 'waiting') add({ status: 'pending', deadline_at_ms: now_ms + 60_000 });
    else if (fate === 'sold_out') add({ status: 'cancelled' }, { status: 'rejected' });
    else if (fate === 'cancelled_early') add({ status: 'cancelled' }, { status: 'tombstone', items: [] });
    else if (fate === 'cancelled_paid') add({ status: 'cancelled' }, { status: 'released' }, total_amount);
    else if (fate === 'declined') {
      add({ status: 'cancelled' }, { status: 'released' });
      shop.payments.push(aPayment({ ...paid, status: 'declined', captured: 0, ledger_net: 0 }));
    } else if (fate === 'confirmed') {
      add({ status: 'confirmed' }, { status: 'held' }, 0);
      held += quantity;
    } else {
      add({ status: 'completed' }, { status: 'shipped' }, fate === 'refunded_partly' ? Math.floor(total_amount / 3) : 0);
      left += quantity;
    }
  });
  const on_hand = 1_000_000 - left;
  shop.stock = [aStock({ on_hand, movements_on_hand: on_hand, reserved: held, movements_reserved: held, held_reserved: held })];
  return shop;
}

const histories = fc.array(
  fc.record({ fate: fc.constantFrom(...fates), quantity: fc.integer({ min: 1, max: 20 }), price: fc.integer({ min: 3, max: 100_000 }) }),
  { minLength: 1, maxLength: 40 },
);

test('a history in which everything taken was given or given back has no finding', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (orders) => {
      const report = await audit({ facts: readerOf(shopOf(orders)), clock: manualClock(now_ms) });
      assert.deepEqual(report.violations, []);
      assert.equal(report.counts.orders, orders.length);
    }),
    { numRuns: 100 },
  );
});

test('one unit of money that went astray in any history is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.nat(),
      fc.constantFrom('captured', 'refunded', 'ledger_net' as const),
      async (orders, chosen, member) => {
        const shop = shopOf(orders);
        fc.pre(shop.payments.length > 0);
        const index = chosen % shop.payments.length;
        const payment = shop.payments[index] as (typeof shop.payments)[number];
        shop.payments[index] = { ...payment, [member]: payment[member as 'captured'] + 1 };
        const report = await audit({ facts: readerOf(shop), clock: manualClock(now_ms) });
        assert.ok(
          report.violations.some((found) => found.ids.includes(payment.order_id)),
          JSON.stringify(report.violations),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('an order of which one service lost its part is found, whatever the others say', () => {
  return fc.assert(
    fc.asyncProperty(histories, fc.constantFrom('orders', 'reservations', 'payments', 'provider' as const), async (orders, kind) => {
      const shop = shopOf(orders.map((order) => ({ ...order, fate: 'confirmed' as const })));
      const [lost] = shop[kind as 'orders'].splice(0, 1);
      const report = await audit({ facts: readerOf(shop), clock: manualClock(now_ms) });
      assert.ok(report.violations.some((found) => found.ids.includes(lost?.key ?? '')));
    }),
    { numRuns: 40 },
  );
});

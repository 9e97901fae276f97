import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type AuditRecord, audit, createRecordReader, reportLines } from '@souk/auditor';
import { manualClock } from '@souk/kernel';
import fc from 'fast-check';
import { mergeByKey } from '../src/read-records.ts';
import {
  aCharge,
  aMessaging,
  anOrder,
  aPayment,
  aProduct,
  aReservation,
  aShop,
  aStock,
  now_ms,
  orderId,
  productId,
  readerOf,
  type Shop,
} from './_support.ts';

/** Pages of two keys, with an empty one between them. */
async function* streamOf(keys: readonly string[]): AsyncGenerator<AuditRecord[]> {
  for (let from = 0; from < keys.length; from += 2) {
    yield keys.slice(from, from + 2).map((key) => ({ key }));
    yield [];
  }
}

test('sorted streams are merged by key, each key once, with what each stream has for it', async () => {
  const merged: [string, boolean[]][] = [];
  await mergeByKey([streamOf(['a', 'c', 'd']), streamOf([]), streamOf(['b', 'c'])], (key, records) => {
    merged.push([key, records.map((record) => record?.key === key)]);
  });
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
      await mergeByKey(streams.map(streamOf), (key, records) => {
        merged.push(key);
        for (const [index, record] of records.entries()) if (record) seen[index]?.push(record.key);
      });
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
  const records = readerOf(shop, () => {
    looks += 1;
    clock.advance(1_000);
    if (looks === 2) Object.assign(shop, { payments: [aPayment({ updated_at_ms: clock.now() })], provider: [aCharge()] });
  });
  const report = await audit({ records, clock });
  assert.deepEqual([report.balanced, looks], [true, 2]);
});

test('what stays wrong with nothing changing becomes a violation once the grace has passed', async () => {
  const clock = manualClock(now_ms);
  const shop = aShop({ orders: [anOrder({ updated_at_ms: now_ms })], payments: [], provider: [] });
  let looks = 0;
  const records = readerOf(shop, () => {
    looks += 1;
    clock.advance(40_000);
  });
  const report = await audit({ records, clock, grace_ms: 60_000 });
  assert.equal(looks, 2, 'at 40 s it may still be on its way, at 80 s it is not');
  assert.deepEqual(
    report.violations.map((found) => found.rule),
    ['sold_without_money'],
  );
  assert.equal(report.finished_at, new Date(now_ms + 80_000).toISOString());
});

test('a fault that has been there for long is reported at the first look', async () => {
  let looks = 0;
  const report = await audit({ records: readerOf(aShop({ reservations: [] }), () => void looks++), clock: manualClock(now_ms) });
  assert.deepEqual([report.violations.length, looks], [1, 1]);
});

/** What the messaging of all services says. */
const messagingOf = (values: Parameters<typeof aMessaging>[0]): Shop['messaging'] =>
  Object.fromEntries(Object.keys(aShop().messaging).map((name) => [name, [aMessaging(values)]]));

test('what looks wrong while messages of its time are on their way is no violation, however long they are', async () => {
  const clock = manualClock(now_ms);
  for (const held of ['outbox_drained_until_ms', 'queues_drained_until_ms']) {
    const shop = aShop({ order_messages: [], messaging: messagingOf({ [held]: anOrder().updated_at_ms - 1 }) });
    const report = await audit({ records: readerOf(shop, () => clock.advance(91_000)), clock, grace_ms: 60_000 });
    assert.deepEqual([report.violations, report.warnings.map(({ rule, ids }) => [rule, ...ids])], [[], [['not_at_rest', orderId(1)]]]);
  }
});

test('it is a violation once they have been handled, or have been on their way for more than an hour', async () => {
  const clock = manualClock(now_ms);
  const handled = aShop({ order_messages: [], messaging: messagingOf({ queues_drained_until_ms: anOrder().updated_at_ms }) });
  const lost = aShop({
    order_messages: [],
    orders: [anOrder({ updated_at_ms: now_ms - 3_700_000 })],
    reservations: [aReservation({ updated_at_ms: now_ms - 3_700_000 })],
    payments: [aPayment({ updated_at_ms: now_ms - 3_700_000 })],
    provider: [aCharge({ updated_at_ms: now_ms - 3_700_000 })],
    messaging: messagingOf({ queues_drained_until_ms: 0 }),
  });
  for (const shop of [handled, lost])
    assert.deepEqual(
      (await audit({ records: readerOf(shop), clock })).violations.map((found) => found.rule),
      ['never_told'],
    );
});

test('stock that sells all the time is shown wrongly when what is shown has not moved for the grace', async () => {
  const clock = manualClock(now_ms);
  const shop = aShop({ products: [aProduct({ stock_quantity: 1 })] });
  const records = readerOf(shop);
  const busy: typeof records = {
    ...records,
    async one(kind, service, key) {
      if (kind === 'stock') {
        clock.advance(25_000);
        const [stock] = shop.stock;
        shop.stock = [
          aStock({ ...stock, stock_version: (stock?.stock_version ?? 0) + 1, published_version: 4, updated_at_ms: clock.now() }),
        ];
      }
      return records.one(kind, service, key);
    },
  };
  const report = await audit({ records: busy, clock, grace_ms: 20_000 });
  assert.deepEqual(report.violations, [], 'a change that is not announced yet is given three times as long');
  assert.deepEqual(
    report.warnings.map((found) => found.rule),
    ['not_at_rest'],
  );
  Object.assign(busy, {
    one: async (kind: 'stock', service: string, key: string) => {
      if (kind === 'stock') clock.advance(15_000);
      const at = clock.now();
      shop.stock = [aStock({ updated_at_ms: at, published_at_ms: at })];
      return records.one(kind, service, key);
    },
  });
  assert.deepEqual(
    (await audit({ records: busy, clock, grace_ms: 20_000 })).violations.map((found) => found.rule),
    ['shown_stock_differs'],
  );
});

test('the report is one line when the books balance, and a line for each violation when they do not', async () => {
  const clock = manualClock(now_ms);
  assert.deepEqual(reportLines(await audit({ records: readerOf(aShop()), clock })), [
    'books balanced: 1 orders, 1 payments, 2 movements, 0 violations',
  ]);
  const lines = reportLines(
    await audit({ records: readerOf(aShop({ stock: [aStock({ on_hand: 1 })], products: [aProduct({ stock_quantity: -1 })] })), clock }),
  );
  assert.deepEqual(lines, [
    `violation oversold: 2 reserved of 1 on hand [${productId(1)}]`,
    'BOOKS NOT BALANCED: 1 orders, 1 payments, 2 movements, 1 violations',
  ]);
});

/** A page as services write it, or as any program that writes JSON might. */
const written = [
  (page: { records: readonly AuditRecord[]; next: string | null }) =>
    `{"service":"orders","next":${JSON.stringify(page.next)},"records":[\n${page.records.map((record) => JSON.stringify(record)).join(',\n')}\n]}`,
  (page: object) => JSON.stringify(page),
] as const;

for (const [form, write] of written.entries())
  test(`the reader asks page by page with its token, finds single records, and refuses when a service is away (form ${form + 1})`, async () => {
    const all = Array.from({ length: 7 }, (_, number) => ({ key: orderId(number) })).sort((left, right) => (left.key < right.key ? -1 : 1));
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      const url = new URL(request.url ?? '', 'http://localhost');
      const after = url.searchParams.get('after') ?? '';
      const records = all.filter((record) => record.key > after).slice(0, Number(url.searchParams.get('limit')));
      const last = records.at(-1)?.key;
      response
        .setHeader('content-type', 'application/json')
        .end(write({ records, next: last === all.at(-1)?.key ? null : (last ?? null) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reader = createRecordReader({ urlOf: () => url, tokenOf: (service) => `the token for ${service}`, page_size: 3 });
    const read: AuditRecord[] = [];
    for await (const page of reader.pages('orders', 'orders')) read.push(...page);
    assert.deepEqual(read, all);
    assert.deepEqual(
      asked,
      Array.from({ length: 3 }, () => 'Bearer the token for orders'),
    );
    for (const record of all) assert.deepEqual(await reader.one('orders', 'orders', record.key), record);
    assert.equal(await reader.one('orders', 'orders', orderId(99)), undefined);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await assert.rejects(reader.one('orders', 'orders', orderId(1)), { code: 'service_unavailable' });
    await assert.rejects(audit({ records: reader, clock: manualClock(now_ms) }), { code: 'service_unavailable' });
  });

test('a page that is cut short, or has a record that is no JSON, proves nothing', async () => {
  for (const page of [
    '{"service":"orders","next":null,"records":[\n{"key":"a"},\n{"key"',
    '{"service":"orders","next":null,"records":[\n{"key":"a"},\n{"key:}\n]}',
  ]) {
    const server = createServer((_request, response) => response.end(page));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const records = createRecordReader({ urlOf: () => url, tokenOf: () => '' });
    await assert.rejects(audit({ records, clock: manualClock(now_ms) }), { code: 'service_unavailable' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

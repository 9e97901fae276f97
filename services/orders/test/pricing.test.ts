/** A shop with rules of tax and shipping, on a real database: quotes, orders, changes of rules meanwhile, imports. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import {
  createShippingMethod,
  createShippingZone,
  createTaxRate,
  deleteShippingMethod,
  deleteShippingZone,
  deleteTaxRate,
  getOrder,
  importTaxRates,
  listShippingMethods,
  listShippingZones,
  listTaxRates,
  placeOrder,
  putTaxCountry,
  type QuoteRequest,
  quoteOrder,
  replaceShippingMethod,
  replaceShippingZone,
  replaceTaxRate,
  summariseOrders,
  type TaxRatesReport,
} from '@souk/contracts';
import { anEnvelope } from '@souk/messaging/testing';
import { loadCheckouts } from '../src/store/checkouts.ts';
import { trackProducts } from '../src/use-cases/track-products.ts';
import { anId, anOrderRequest, aProduct, eventsOf, openQuietly, openShop, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({ products_url: 'http://127.0.0.1:9', users_url: 'http://127.0.0.1:9' });
});
after(() => shop.stop());

const toGermany = { street: 'Alte Allee 1', city: 'Berlin', postal_code: '10115', country: 'Deutschland' };
const quoteOf = (body: QuoteRequest) => shop.customer.must(quoteOrder, { body });
const ordered = (product: { product_id: string }, quantity = 2) => ({
  items: [{ product_id: product.product_id, quantity }],
  shipping_address: toGermany,
});
async function imported(csv: string): Promise<TaxRatesReport> {
  const answer = await fetch(`${shop.url}/api/tax-rates/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await shop.tokenFor({ user_id: shop.staff_id, role: 'staff' })}`, 'content-type': 'text/csv' },
    body: csv,
  });
  assert.equal(answer.status, importTaxRates.responses[200] ? 200 : 0, await answer.clone().text());
  return (await answer.json()) as TaxRatesReport;
}

describe('a shop without rules', () => {
  test('quotes the sum of the lines, wherever it goes, and orders show no totals', async () => {
    const product = await aProduct(shop.ctx, { price: 1_999 });
    const quote = await quoteOf({ ...ordered(product), shipping_address: { country: 'Atlantis' } });
    assert.deepEqual(
      [quote.total, quote.tax_total, quote.tax_lines, quote.shipping_options, quote.shipping_method],
      [39.98, 0, [], [], null],
    );
    const order = await shop.customer.must(placeOrder, { body: anOrderRequest(product) });
    assert.deepEqual([order.total_amount, 'totals' in order, 'paid' in (order.items[0] ?? {})], [39.98, false, false]);
    const { code } = await shop.customer.refused(503, quoteOrder, { body: ordered({ product_id: anId() }) });
    assert.equal(code, 'service_unavailable', 'a product that is not known here is asked for at products, which is away');
  });
});

describe('a shop with rules', () => {
  let rate_id = '';
  before(async () => {
    await shop.staff.must(putTaxCountry, { params: { country: 'DE' }, body: { included: true } });
    rate_id = (await shop.staff.must(createTaxRate, { body: { country: 'DE', name: 'MwSt', rate_percent: 19 } })).id;
    await shop.staff.must(createTaxRate, { body: { country: 'DE', name: 'MwSt', rate_percent: 7, tax_class: 'reduced' } });
    const zone_id = (await shop.staff.must(createShippingZone, { body: { name: 'Germany', countries: ['DE'] } })).id;
    const post = { zone_id, name: 'Post', kind: 'flat' as const, currency: 'EUR', days_min: 1, days_max: 3 };
    await shop.staff.must(createShippingMethod, { body: { ...post, code: 'post', steps: [{ from: 0, amount: 4.9 }], free_from: 100 } });
    await shop.staff.must(createShippingMethod, { body: { ...post, code: 'express', steps: [{ from: 0, amount: 14.9 }] } });
  });

  test('an order costs what was quoted, freezes how, and keeps it when the rules change', async () => {
    const book = await aProduct(shop.ctx, { price: 1_999, tax_class: 'reduced' });
    const lamp = await aProduct(shop.ctx, { price: 2_950 });
    const items = [
      { product_id: book.product_id, quantity: 2 },
      { product_id: lamp.product_id, quantity: 1 },
    ];
    const quote = await quoteOf({ items, shipping_address: toGermany });
    assert.deepEqual([quote.items_total, quote.shipping_total, quote.total, quote.tax_included], [69.48, 4.9, 74.38, true]);
    assert.deepEqual(
      quote.shipping_options.map(({ code, amount }) => [code, amount]),
      [
        ['post', 4.9],
        ['express', 14.9],
      ],
    );
    const billing_address = { street: 'Quay 1', city: 'Hamburg', country: 'DE' };
    const order = await shop.customer.must(placeOrder, {
      body: anOrderRequest(lamp, { items, shipping_address: toGermany, expected_total: quote.total, billing_address, locale: 'de' }),
    });
    assert.deepEqual([order.total_amount, order.locale, order.billing_address], [quote.total, 'de', billing_address]);
    const {
      lines,
      total: _total,
      currency: _currency,
      valid_until: _until,
      shipping_options: _options,
      refused_codes: _codes,
      ...totals
    } = quote;
    assert.deepEqual(order.totals, totals);
    assert.deepEqual(order.items, lines);
    const [created] = await eventsOf(shop.ctx, order.id);
    assert.equal(created?.['total_amount'], quote.total);
    const services = shop.customer.with({ token: shop.internal_token });
    const [summary] = await services.must(summariseOrders, { body: { order_ids: [order.id] } });
    const { items_total, shipping_total, tax_total, tax_included, tax_lines } = totals;
    assert.deepEqual(summary, { ...summary, items_total, shipping_total, tax_total, tax_included, tax_lines }, 'mails show the same');
    const loaded = await shop.ctx.db.transaction((tx) => loadCheckouts(tx, [order.id]));
    assert.equal(loaded.get(order.id)?.locale, 'de', 'the checkout knows the language of its events');
    const changed = await shop.staff.must(replaceTaxRate, { params: { rate_id }, body: { country: 'DE', name: 'MwSt', rate_percent: 16 } });
    assert.equal(changed.version, 2);
    assert.deepEqual(await shop.customer.must(getOrder, { params: { order_id: order.id } }), order);
    const now = await quoteOf({ items, shipping_address: toGermany });
    assert.deepEqual([now.total, now.tax_lines.map(({ rate_percent }) => rate_percent)], [74.38, [7, 16]]);
    await shop.staff.must(replaceTaxRate, { params: { rate_id }, body: { country: 'DE', name: 'MwSt', rate_percent: 19 } });
  });

  test('another total than was shown is refused with the quote of now, and other methods and places by their codes', async () => {
    const lamp = await aProduct(shop.ctx, { price: 2_950 });
    const place = (status: number, more: object) =>
      shop.customer.refused(status, placeOrder, { body: { ...anOrderRequest(lamp), shipping_address: toGermany, ...more } });
    const { code, quote } = await place(409, { expected_total: 59 });
    assert.deepEqual([code, quote?.total, quote?.shipping_total], ['total_changed', 63.9, 4.9]);
    assert.equal((await place(400, { shipping_method: 'drone' })).code, 'shipping_unavailable');
    assert.equal((await place(400, { shipping_address: { ...toGermany, country: 'Österreich' } })).code, 'shipping_unavailable');
    assert.equal((await place(400, { shipping_address: { ...toGermany, country: 'Narnia' } })).code, 'country_unknown');
    const express = await shop.customer.must(placeOrder, {
      body: { ...anOrderRequest(lamp), shipping_address: toGermany, shipping_method: 'express' },
    });
    assert.deepEqual([express.total_amount, express.totals?.shipping_method], [73.9, { code: 'express', name: 'Post' }]);
  });

  test('of rates that overlap one alone is stored, however many ask at once; a stale version changes nothing', async () => {
    const body = { country: 'FR', name: 'TVA', rate_percent: 20 };
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => shop.staff.must(createTaxRate, { body })));
    const [made] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await shop.staff.must(listTaxRates, { query: { country: 'FR' } })).length, 1);
    const ended = { ...body, valid_until: '2027-01-01T00:00:00Z' };
    const params = { rate_id: made?.id ?? '' };
    const raced = await Promise.allSettled(
      Array.from({ length: 4 }, () => shop.staff.must(replaceTaxRate, { params, body: ended, headers: { 'if-match': '"1"' } })),
    );
    assert.equal(raced.filter(({ status }) => status === 'fulfilled').length, 1);
    await shop.staff.must(createTaxRate, { body: { ...body, rate_percent: 21, valid_from: '2027-01-01T00:00:00Z' } });
    await shop.staff.must(deleteTaxRate, { params });
    for (const wrong of [
      { rate_percent: 9.97505 },
      { country: 'XX' },
      { valid_from: '2026-02-01T00:00:00Z', valid_until: '2026-01-01T00:00:00Z' },
      { country: 'US', region: 'XY' },
    ])
      await shop.staff.refused(400, createTaxRate, { body: { ...body, ...wrong } });
  });

  test('rules changed while orders are placed: each order is priced by one version of them, and replicas follow at once', async () => {
    const lamp = await aProduct(shop.ctx, { price: 10_000 });
    const percents = [19, 16, 7, 21, 5];
    const changing = (async () => {
      for (const rate_percent of percents)
        await shop.staff.must(replaceTaxRate, { params: { rate_id }, body: { country: 'DE', name: 'MwSt', rate_percent } });
    })();
    const orders = await Promise.all(
      Array.from({ length: 40 }, () => shop.customer.must(placeOrder, { body: { ...anOrderRequest(lamp), shipping_address: toGermany } })),
    );
    await changing;
    for (const { totals, total_amount } of orders) {
      const [line] = totals?.tax_lines ?? [];
      assert.ok(line && percents.includes(line.rate_percent));
      assert.equal(total_amount, 200);
      assert.equal(Math.round((200 * line.rate_percent * 100) / (100 + line.rate_percent)), Math.round(line.amount * 100));
    }
    const placed = await shop.customer.must(placeOrder, { body: { ...anOrderRequest(lamp), shipping_address: toGermany } });
    assert.equal(placed.totals?.tax_lines[0]?.rate_percent, 5, 'the answer of the change comes after its commit');
  });
});

test('a replica that has other rules in memory sees a change with the next order', async () => {
  const fixture = await openQuietly();
  const { ctx } = fixture;
  try {
    const product = await aProduct(ctx, { price: 10_000 });
    const place = async () => {
      const placement = await ctx.place({
        user_id: anId(),
        wanted: { ...anOrderRequest(product), shipping_address: toGermany },
        claim: null,
        cause: { correlation_id: anId() },
      });
      assert.ok(placement.kind === 'placed');
      return placement.order;
    };
    assert.equal((await place()).totals, undefined);
    await ctx.db.transaction(async (tx) => {
      await tx.query('update rules set version = version + 1');
      await tx.query(`insert into tax_countries values ('DE', false, 1)`);
      await tx.query(`insert into tax_rates values (gen_random_uuid(), 'DE', null, null, 'standard', 'MwSt', 190000, null, null, 1)`);
    });
    const { total_amount, totals } = await place();
    assert.deepEqual([total_amount, totals?.tax_included, totals?.tax_total], [238, false, 38]);
  } finally {
    await fixture.close();
  }
});

test('zones and methods are changed by their version, and a zone goes after its methods', async () => {
  const { staff } = shop;
  const [stale, first] = [{ 'if-match': '"9"' }, { 'if-match': '"1"' }] as const;
  const zone = await staff.must(createShippingZone, { body: { name: 'Norway', countries: ['NO'] } });
  const params = { zone_id: zone.id };
  const moved = { name: 'North', countries: ['NO', 'IS'], postal_prefixes: ['01'] };
  await staff.refused(412, replaceShippingZone, { params, body: moved, headers: stale });
  assert.equal((await staff.must(replaceShippingZone, { params, body: moved, headers: first })).version, 2);
  const body = { zone_id: zone.id, code: 'boat', name: 'Boat', kind: 'by_weight', currency: 'NOK', days_min: 2, days_max: 9 } as const;
  const steps = [{ from: 0, amount: 49 }];
  for (const wrong of [[{ from: 1, amount: 49 }], [...steps, ...steps], [{ from: 0, amount: 4.999 }]])
    await staff.refused(400, createShippingMethod, { body: { ...body, steps: wrong } });
  assert.equal(
    (await staff.refused(400, createShippingMethod, { body: { ...body, steps, zone_id: anId() } })).code,
    'shipping_zone_unknown',
  );
  const method = await staff.must(createShippingMethod, { body: { ...body, steps } });
  assert.equal((await staff.refused(409, createShippingMethod, { body: { ...body, steps } })).code, 'shipping_method_exists');
  const of_method = { method_id: method.id };
  await staff.refused(412, replaceShippingMethod, { params: of_method, body: { ...body, steps }, headers: stale });
  const dearer = [...steps, { from: 2_000, amount: 99 }];
  assert.deepEqual((await staff.must(replaceShippingMethod, { params: of_method, body: { ...body, steps: dearer } })).steps, dearer);
  assert.equal((await staff.must(listShippingMethods, { query: params })).length, 1);
  assert.equal((await staff.refused(409, deleteShippingZone, { params })).code, 'shipping_zone_in_use');
  await staff.refused(412, deleteShippingMethod, { params: of_method, headers: first });
  await staff.must(deleteShippingMethod, { params: of_method });
  await staff.must(deleteShippingZone, { params });
  await staff.refused(404, deleteShippingZone, { params });
  assert.ok((await staff.must(listShippingZones)).every(({ id }) => id !== zone.id));
});

test('what an event does not say of tax and weight stays as it was', async () => {
  const { product_id } = await aProduct(shop.ctx, { tax_class: 'reduced', weight_g: 850 });
  const kept = async (version: number, said: object) => {
    const names = { sku: 'S', name: 'N', price: 1, currency: 'EUR', status: 'active' };
    const event = anEnvelope('product.updated', { product_id, product_version: version, ...names, ...said });
    await shop.ctx.db.transaction((tx) => trackProducts(tx, [event] as never));
    return (await shop.ctx.db.query('select tax_class, weight_g from catalogue where product_id = $1', [product_id]))[0];
  };
  assert.deepEqual(await kept(2, {}), { tax_class: 'reduced', weight_g: 850 });
  assert.deepEqual(await kept(3, { tax_class: 'standard', weight_g: 0 }), { tax_class: 'standard', weight_g: 0 });
});

describe('a file of rates', () => {
  test('the one that comes with Souk is imported whole, and once', async () => {
    const file = await readFile(new URL('../../../docs/operations/tax-rates.csv', import.meta.url), 'utf8');
    const conflicting = await imported(file);
    assert.equal(conflicting.imported, 0);
    for (const { reason } of conflicting.refusals) assert.match(reason, /valid at the same place and time/);
    for (const country of ['DE', 'FR'])
      for (const { id } of await shop.staff.must(listTaxRates, { query: { country, limit: 100 } }))
        await shop.staff.must(deleteTaxRate, { params: { rate_id: id } });
    const first = await imported(file);
    assert.deepEqual([first.refusals, first.rows - first.imported, first.rows > 150], [[], 0, true]);
    const again = await imported(file);
    assert.deepEqual([again.imported, again.unchanged], [0, first.rows]);
  });

  test('is refused by row, and nothing of it is stored', async () => {
    const header = 'country,region,tax_class,name,rate_percent,valid_from';
    const { refusals, imported: stored } = await imported(
      [
        header,
        'NO,,,MVA,25,',
        'ZZ,,,x,1,',
        'NO,,reduced,MVA,"15",',
        'NO,,reduced,MVA,150,',
        'NO,,a b,MVA,15,',
        'NO,,,MVA,15',
        'NO,,low,MVA,12,2026-02-31',
      ].join('\n'),
    );
    assert.deepEqual([stored, refusals.map(({ line }) => line)], [0, [3, 4, 5, 6, 7, 8]]);
    assert.deepEqual(await shop.staff.must(listTaxRates, { query: { country: 'NO' } }), []);
    const twice = await imported([header, 'NO,,,MVA,25,', 'NO,,,MVA,12,'].join('\n'));
    assert.deepEqual([twice.imported, twice.refusals.map(({ line }) => line)], [0, [3]]);
  });
});

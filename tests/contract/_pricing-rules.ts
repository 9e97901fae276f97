/** Rules of tax and shipping, from the first to the last that is deleted, with quotes and an order by them. */
import assert from 'node:assert/strict';
import type { Exchange, Json, PublishedApi } from './_published-api.ts';

type Place = (more?: Json, wait?: number) => Promise<Exchange>;

const memberOf = ({ body }: Exchange, name: string): string => String((body as Json)[name]);

export async function rulesArePricedBy(
  api: PublishedApi,
  { staff, customer, product_id }: { staff: string; customer: string; product_id: string },
  order: Place,
): Promise<void> {
  const about = (example: Json): Json => ({ ...example, items: [{ product_id, quantity: 2 }] });
  const plain = (await api.call('quoteOrder', { body: about })).body as { total: number; tax_lines: unknown[] };
  assert.deepEqual([plain.total, plain.tax_lines], [259.9, []]);
  const tagOf = (exchange: Exchange): Record<string, string> => ({ 'if-match': exchange.headers.get('etag') ?? '' });
  const country = await api.call('putTaxCountry', { token: staff });
  await api.call('listTaxCountries', { token: staff });
  const rate = await api.call('createTaxRate', { token: staff });
  const of_rate = { rate_id: memberOf(rate, 'id') };
  const replaced = await api.call('replaceTaxRate', { token: staff, params: of_rate, headers: tagOf(rate) });
  await api.call('importTaxRates', { token: staff });
  await api.call('listTaxRates', { token: staff, query: { country: 'PT', limit: '2' } });
  const zone = await api.call('createShippingZone', { token: staff });
  const zone_id = memberOf(zone, 'id');
  const inZone = (example: Json): Json => ({ ...example, zone_id });
  const method = await api.call('createShippingMethod', { token: staff, body: inZone });
  const of_method = { method_id: memberOf(method, 'id') };
  await api.call('listShippingMethods', { token: staff, query: { zone_id } });
  const { body } = await api.call('quoteOrder', { body: about });
  const { total, tax_total, shipping_method } = body as { total: number; tax_total: number; shipping_method: { code: string } };
  assert.deepEqual([total, tax_total, shipping_method.code], [259.9, 48.6, 'post']);
  const { body: placed } = await order({
    expected_total: total,
    shipping_method: 'post',
    billing_address: { street: '1 Quay', city: 'Porto', country: 'PT' },
    locale: 'pt',
  });
  await api.call('getOrder', { token: customer, params: { order_id: String((placed as Json)['id']) } });
  const signed = await api.call('getReceipt', { token: customer, params: { order_id: String((placed as Json)['id']) } });
  const { totals } = (signed.body as { receipt: { order: { totals: Json } } }).receipt.order;
  assert.deepEqual([totals['tax_total'], totals['tax_included']], [48.6, true]);
  const changed = await api.call('replaceShippingMethod', { token: staff, params: of_method, headers: tagOf(method), body: inZone });
  await order({ expected_total: total }, 0).then(
    () => assert.fail('the shipping costs more now'),
    (error: Error) => assert.match(error.message, /total_changed/),
  );
  await api.call('deleteShippingMethod', { token: staff, params: of_method, headers: tagOf(changed) });
  const moved = await api.call('replaceShippingZone', { token: staff, params: { zone_id }, headers: tagOf(zone) });
  await api.call('listShippingZones', { token: staff });
  await api.call('deleteShippingZone', { token: staff, params: { zone_id }, headers: tagOf(moved) });
  await api.call('deleteTaxRate', { token: staff, params: of_rate, headers: tagOf(replaced) });
  await api.call('deleteTaxCountry', { token: staff, headers: tagOf(country) });
  assert.equal(((await api.call('quoteOrder', { body: about })).body as Json)['total'], 259.9);
}

/** A promotion, from a draft that is simulated to an order with its code, and its end. */
export async function promotionsApply(
  api: PublishedApi,
  { staff, customer, product_id }: { staff: string; customer: string; product_id: string },
  order: Place,
): Promise<void> {
  const about = (example: Json): Json => ({ ...example, items: [{ product_id, quantity: 2 }] });
  const created = await api.call('createPromotion', { token: staff, body: (example) => ({ ...example, scope: {}, active: false }) });
  const params = { promotion_id: memberOf(created, 'id') };
  const simulated = await api.call('simulatePromotion', { token: staff, params, body: about });
  assert.equal((simulated.body as Json)['total'], 233.91);
  const etag = created.headers.get('etag') ?? '';
  await api.call('getPromotion', { token: staff, params, headers: { 'if-none-match': etag }, status: 304 });
  await api.call('getPromotion', { token: staff, params });
  await api.call('changePromotion', {
    token: staff,
    params,
    headers: { 'if-match': etag },
    body: (example) => ({ ...example, active: true }),
  });
  await api.call('listPromotions', { token: staff, query: { limit: '2' } });
  const { codes } = (await api.call('createPromotionCodes', { token: staff, params })).body as { codes: string[] };
  await api.call('listPromotionCodes', { token: staff, params, query: { limit: '2' } });
  const quote = await api.call('quoteOrder', { body: (example) => ({ ...about(example), codes: codes.slice(0, 1) }) });
  assert.deepEqual([(quote.body as Json)['total'], (quote.body as Json)['refused_codes']], [220.91, []]);
  const placed = await order({ expected_total: 220.91, codes: codes.slice(0, 1) });
  await api.call('getOrder', { token: customer, params: { order_id: memberOf(placed, 'id') } });
  await order({ codes: codes.slice(0, 1) }, 0).then(
    () => assert.fail('the code is used up'),
    (error: Error) => assert.match(error.message, /code_refused/),
  );
  await api.call('withdrawPromotionCode', { token: staff, params, body: () => ({ code: codes[1] }) });
  await api.call('changePromotion', { token: staff, params, body: () => ({ active: false }) });
}

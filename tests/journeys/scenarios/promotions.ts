import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cancelOrder,
  changePromotion,
  createPromotion,
  createPromotionCodes,
  getPromotion,
  type Order,
  placeOrder,
  quoteOrder,
  withdrawPromotionCode,
} from '@souk/contracts';
import { mapBounded, required } from '@souk/kernel';
import { becomes, type Shop, shipping_address } from '../_support.ts';

/** Buyers at once, of whom a tenth gets the code, and more than half of these cancel; `SOUK_CODE_BUYERS` says how many. */
const buyers = Number(process.env['SOUK_CODE_BUYERS'] ?? 100);
const uses_max = Math.floor(buyers / 10);
const cancelled = Math.floor((uses_max * 3) / 5);
const atOnce = 60;
const shoppersMax = 4;

/** What people do with codes. */
export function promotionScenarios(openedShop: () => Shop): void {
  test(`${buyers} buyers at once on a code for ${uses_max} orders: exactly so many have it, also after ${cancelled} cancelled`, async () => {
    const shop = openedShop();
    const product = await shop.aProduct(buyers + uses_max);
    const shoppers = await Promise.all(Array.from({ length: shoppersMax }, () => shop.aShopper()));
    const promotion = await shop.staff.must(createPromotion, {
      body: { label: 'Opening', kind: 'percent', value: 20, uses_max, active: true },
    });
    const params = { promotion_id: promotion.id };
    const [code = ''] = (await shop.staff.must(createPromotionCodes, { params, body: { code: `Opening ${product.sku}` } })).codes;
    const body = { items: [{ product_id: product.id, quantity: 1 }], shipping_address, payment_method: 'tok_visa', codes: [code] };
    const quote = await shop.anonymous.must(quoteOrder, { body: { items: body.items, shipping_address, codes: [code] } });
    assert.deepEqual([quote.total, quote.discount_total, quote.refused_codes], [103.96, 25.99, []]);
    const used = async () => (await shop.staff.must(getPromotion, { params })).used;

    const [first] = shoppers;
    const unpaid = await required(first, 'a shopper').api.must(placeOrder, {
      body: { ...body, payment_method: 'tok_declined' },
      wait_s: 20,
    });
    assert.deepEqual([unpaid.status, await used()], ['cancelled', 0], 'what is not paid gives its use back');

    const race = async (count: number): Promise<Order[]> => {
      const answers = await mapBounded(Array.from({ length: count }), atOnce, async (_one, index) => {
        const { api } = required(shoppers[index % shoppers.length], 'a shopper');
        const answer = await api.call(placeOrder, { body: { ...body, expected_total: quote.total } });
        if (answer.ok) return answer.body;
        assert.deepEqual([answer.status, answer.error.code], [409, 'code_refused']);
        return [];
      });
      return answers.flat();
    };
    const placed = await race(buyers);
    assert.deepEqual([placed.length, await used()], [uses_max, uses_max]);
    const left = await shop.anonymous.must(quoteOrder, { body: { items: body.items, shipping_address, codes: [code] } });
    assert.deepEqual([left.total, left.refused_codes], [129.95, [{ code, reason: 'used_up' }]]);
    for (const order of placed) await becomes(shop.staff, order.id, 'confirmed');
    await mapBounded(placed.slice(0, cancelled), atOnce, ({ id }) => shop.staff.must(cancelOrder, { params: { order_id: id }, body: {} }));
    assert.equal(await used(), uses_max - cancelled);
    const again = await race(buyers - uses_max);
    assert.deepEqual([again.length, await used()], [cancelled, uses_max]);
    await shop.booksBalance();

    const [other = ''] = (await shop.staff.must(createPromotionCodes, { params, body: { code: `Second ${product.sku}`, uses_max: 9 } }))
      .codes;
    await shop.staff.must(cancelOrder, { params: { order_id: required(again[0], 'an order').id }, body: {} });
    const { api } = required(first, 'a shopper');
    const kept = await api.must(placeOrder, { body: { ...body, codes: [other] }, wait_s: 20 });
    assert.equal((await api.refused(403, withdrawPromotionCode, { params, body: { code: other } })).code, 'forbidden');
    const withdrawn = await shop.staff.must(withdrawPromotionCode, { params, body: { code: other.toLowerCase() } });
    assert.deepEqual([withdrawn.code, withdrawn.used, withdrawn.withdrawn_at !== null], [other, 1, true]);
    const refused = await api.refused(409, placeOrder, { body: { ...body, codes: [other] } });
    assert.deepEqual([refused.code, refused.quote?.refused_codes], ['code_refused', [{ code: other, reason: 'expired' }]]);
    assert.deepEqual(await shop.staff.must(withdrawPromotionCode, { params, body: { code: other } }), withdrawn, 'again');
    assert.equal(required(kept.totals, 'the totals').discount_total, 25.99, 'the order keeps what it was granted');
    assert.equal((await shop.staff.refused(409, createPromotionCodes, { params, body: { code: other } })).code, 'code_exists');
    await shop.booksBalance();
    await shop.staff.must(changePromotion, { params, body: { active: false } });
  });
}

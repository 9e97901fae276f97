/** What the auditor finds that no single service could know. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cancelOrder, completeOrder, getAudit, listPayments, refundPayment, shipOrder } from '@souk/contracts';
import { mapBounded, required } from '@souk/kernel';
import type { AuditCase, CaseIds } from './_audit-case.ts';
import { moneyCases } from './_audit-cases-money.ts';
import { messageCases, orderCases } from './_audit-cases-orders.ts';
import { productCases, stockCases } from './_audit-cases-stock.ts';
import { buy, openShop, type Shop } from './_support.ts';

const cases = [...stockCases, ...moneyCases, ...orderCases, ...messageCases, ...productCases];
const preparedAtOnce = 6;

describe('the auditor over a shop in balance', () => {
  let shop: Shop;
  let prepared: (CaseIds & { own: AuditCase })[];

  const violations = async () => {
    const { body } = await shop.staff.expect(200, getAudit, { query: { run: 'now' } });
    return body.violations;
  };

  before(async () => {
    shop = await openShop({ env: { AUDIT_GRACE_MS: '0' } });
    const other = await shop.aShopper();
    const other_product = await shop.aProduct(5);
    const other_order = (await buy(other, other_product, { idempotency_key: other_product.id })).id;
    prepared = await mapBounded(cases, preparedAtOnce, async (own) => ({
      own,
      ...(await prepare(shop, own)),
      other_order,
      other_user: other.user_id,
    }));
    await shop.souk.settle();
  });
  after(() => shop?.souk.stop());

  test('finds nothing where orders were confirmed, shipped, completed, cancelled, declined, sold out and refunded', async () => {
    assert.deepEqual(await violations(), []);
  });

  test('finds every fault that is made with SQL, by its rules and its ids, and nothing else', async () => {
    await shop.souk.databaseOf('inventory').query('alter table movements disable trigger movements_append_only');
    for (const { own, ...ids } of prepared)
      for (const [service, statement] of own.faults(ids)) await shop.souk.databaseOf(service).query(statement);
    const found = await violations();
    const belongsTo = ({ own, order, product, payment }: CaseIds & { own: AuditCase }, ids: readonly string[]): boolean =>
      own.state === 'product' ? ids.includes(product) : [order, product, payment].some((id) => id !== '' && ids[0] === id);
    const wrong = prepared.flatMap((one) => {
      const rules = [...new Set(found.filter(({ ids }) => belongsTo(one, ids)).map(({ rule }) => rule))].sort();
      const expected = [...one.own.rules].sort();
      return rules.join() === expected.join() ? [] : [{ name: one.own.name, found: rules, expected }];
    });
    assert.deepEqual(wrong, []);
    // The key that was turned to it is not the key of the other order.
    const unpublished = found.filter(({ ids }) => !prepared.some((one) => belongsTo(one, ids)));
    assert.deepEqual(
      unpublished.map(({ rule, ids }) => [rule, ids[0]]),
      [['key_of_another_order', prepared[0]?.other_order]],
    );
  });
});

/** An order in the state of the case, with a product of its own. */
async function prepare(shop: Shop, { state }: AuditCase): Promise<Pick<CaseIds, 'order' | 'product' | 'payment' | 'user'>> {
  const [shopper, product] = [await shop.aShopper(), await shop.aProduct(4)];
  const nothing = { order: '', product: product.id, payment: '', user: shopper.user_id };
  if (state === 'product') return nothing;
  const orderRequest = {
    idempotency_key: product.id,
    ...(state === 'sold_out' && { quantity: 9 }),
    ...(state === 'declined' && { payment_method: 'tok_declined' }),
  };
  const order = await buy(shopper, product, orderRequest);
  const params = { order_id: order.id };
  if (['shipped', 'completed'].includes(state))
    await shop.staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
  if (state === 'completed') await shop.staff.expect(200, completeOrder, { params, body: {} });
  if (state === 'cancelled') await shopper.api.expect(200, cancelOrder, { params, body: {} });
  const [payment] = (await shop.staff.expect(200, listPayments, { query: { order_id: order.id } })).body;
  if (state === 'refunded')
    await shop.staff.expect(201, refundPayment, {
      params: { payment_id: required(payment, 'the payment').id },
      body: { amount: 5, reason: 'a scratch' },
      idempotency_key: order.id,
    });
  return { ...nothing, order: order.id, payment: payment?.id ?? '' };
}

/** What the auditor finds that no single service could know. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { auditOrder, createRecordReader } from '@souk/auditor';
import {
  cancelOrder,
  completeOrder,
  createPromotion,
  createPromotionCodes,
  getAudit,
  getPayment,
  listPayments,
  refundPayment,
  shipOrder,
} from '@souk/contracts';
import { mapBounded, required, systemClock, systemIds } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { until } from '@souk/platform/testing';
import type { AuditCase, CaseIds } from './_audit-case.ts';
import { disputeCases } from './_audit-cases-disputes.ts';
import { moneyCases } from './_audit-cases-money.ts';
import { messageCases, orderCases, parcelCases, returnCases } from './_audit-cases-orders.ts';
import { productCases, stockCases } from './_audit-cases-stock.ts';
import { buy, openShop, type Shop } from './_support.ts';

const cases = [
  ...stockCases,
  ...moneyCases,
  ...disputeCases,
  ...orderCases,
  ...parcelCases,
  ...returnCases,
  ...messageCases,
  ...productCases,
];
const preparedAtOnce = 6;
const judgedMax = 8;

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
      no_order: systemIds.uuid(),
    }));
    await shop.souk.settle();
  });
  after(() => shop?.souk.stop());

  test('finds nothing where orders were confirmed, shipped, completed, cancelled, declined, sold out, refunded, disputed and sent back', async () => {
    assert.deepEqual(await violations(), []);
  });

  test('finds an event that every relay passes over, in the service that forgot it, and nothing else', async () => {
    const inventory = shop.souk.databaseOf('inventory');
    await inventory.query(
      `insert into outbox (event_id, event_type, body, created_at, claimed_until)
       values (gen_random_uuid(), 'inventory.released', '{}', now() - interval '2 minutes', 'infinity')`,
    );
    await until(async () => ((await violations()).length > 0 ? undefined : 'its age was not read yet'), 30_000);
    assert.deepEqual(
      (await violations()).map(({ rule, ids }) => [rule, ...ids]),
      [['outbox_stuck', 'inventory']],
    );
    await inventory.query("delete from outbox where claimed_until = 'infinity'");
    await until(async () => ((await violations()).length === 0 ? undefined : 'its age was not read again yet'), 30_000);
  });

  test('finds a webhook to which nothing is posted, and nothing else', async () => {
    const notifications = shop.souk.databaseOf('notifications');
    const webhook_id = systemIds.uuid();
    await notifications.query(
      `with webhook as (
         insert into webhooks (id, url, description, event_types, status, version, created_by, created_at, updated_at)
         values ($1, 'https://hooks.example.org/', '', '{order.shipped}', 'active', 1, gen_random_uuid(), now(), now())
       )
       insert into deliveries (webhook_id, event_id, event_day, event_type, body, next_attempt_at, occurred_at)
       values ($1, gen_random_uuid(), current_date, 'order.shipped', '{}', now() - interval '61 minutes', now())`,
      [webhook_id],
    );
    assert.deepEqual(
      (await violations()).map(({ rule, ids }) => [rule, ...ids]),
      [['delivery_stuck', webhook_id]],
    );
    await notifications.query('delete from webhooks where id = $1', [webhook_id]);
  });

  test('finds uses of promotions that differ from what was taken off and counted, and nothing else', async () => {
    const orders = shop.souk.databaseOf('orders');
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
    const promotion = await shop.staff.must(createPromotion, {
      body: { label: 'Five', kind: 'fixed', value: 5, currency: 'EUR', uses_max: 2, active: true },
    });
    const params = { promotion_id: promotion.id };
    const [code = ''] = (await shop.staff.must(createPromotionCodes, { params, body: { count: 1, uses_max: 1 } })).codes;
    const order = await buy(shopper, product, { codes: [code] });
    assert.deepEqual([order.status, order.totals?.discount_total], ['confirmed', 5]);
    await shop.souk.settle();
    const planted = async (fault: string, remedy: string, expected: [string, string][]) => {
      await orders.query(fault);
      const found = (await violations()).map(({ rule, ids }): [string, string] => [rule, ids[0] ?? '']);
      assert.deepEqual(found.sort(), expected.sort(), fault);
      await orders.query(remedy);
      assert.deepEqual(await violations(), [], remedy);
    };
    const [of_order, of_promotion] = [`order_id = '${order.id}'`, `id = '${promotion.id}'`];
    const change = (by: string) => `update redemptions set amount = amount ${by} where ${of_order}`;
    await planted(change('+ 1'), change('- 1'), [['redemption_differs', order.id]]);
    const count = (by: string) => `update promotions set used = used ${by} where ${of_promotion}`;
    await planted(count('+ 1'), count('- 1'), [['redemption_differs', promotion.id]]);
    const allow = (uses: number) => `update promotion_codes set uses_max = ${uses} where code_key = '${code}'`;
    await orders.query('alter table promotion_codes drop constraint promotion_codes_used_within_limit');
    await planted(allow(0), allow(1), [['limit_exceeded', promotion.id]]);
    await orders.query('alter table promotions drop constraint promotions_used_within_limit');
    const limit = (uses: number) => `update promotions set uses_max = ${uses} where ${of_promotion}`;
    await planted(limit(0), limit(2), [['limit_exceeded', promotion.id]]);
    await shopper.api.expect(200, cancelOrder, { params: { order_id: order.id }, body: {} });
    await shop.souk.settle();
    const state = (word: string) => `update redemptions set state = '${word}' where ${of_order}`;
    await planted(state('held'), state('released'), [
      ['redemption_kept', order.id],
      ['redemption_differs', promotion.id],
      ['redemption_differs', promotion.id],
    ]);
  });

  test('finds every fault that is made with SQL, by its rules and its ids, and nothing else', async () => {
    await shop.souk.databaseOf('inventory').query('alter table movements disable trigger movements_append_only');
    // Payments asks what the provider has reported of late, and would put some of it right again.
    await shop.souk.databaseOf('payments').query("update sandbox.disputes set updated_at = now() - interval '1 day'");
    await shop.souk.databaseOf('payments').query("update sandbox.refunds set fails_at = fails_at - interval '1 day' where failed");
    for (const { own, ...ids } of prepared)
      for (const [service, statement] of own.faults(ids)) await shop.souk.databaseOf(service).query(statement);
    const found = await violations();
    const belongsTo = ({ own, order, product, payment, no_order }: CaseIds & { own: AuditCase }, ids: readonly string[]): boolean =>
      own.state === 'product' ? ids.includes(product) : [order, product, payment, no_order].some((id) => id !== '' && ids[0] === id);
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

  test('judges one order by itself', async () => {
    const records = createRecordReader({ urlOf: shop.souk.urlOf, tokenOf: platformKeys(shop.souk.internal_token).internalToken });
    const judge = (order_id: string) => auditOrder({ records, clock: systemClock, grace_ms: 0, order_id });
    for (const { own, order } of prepared.filter((one) => one.order !== '').slice(0, judgedMax)) {
      const rules = (await judge(order)).violations.filter(({ ids }) => ids[0] === order).map(({ rule }) => rule);
      assert.ok(rules.length > 0 && rules.every((rule) => own.rules.includes(rule)), `${own.name}: ${rules.join()}`);
    }
    await assert.rejects(judge(systemIds.uuid()), { code: 'not_found' });
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
    ...(state === 'disputed' && { payment_method: 'tok_dispute' }),
    ...(state === 'came_back' && { payment_method: 'tok_refund_fails' }),
  };
  const order = await buy(shopper, product, orderRequest);
  const params = { order_id: order.id };
  if (['shipped', 'completed'].includes(state))
    await shop.staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
  if (state === 'completed') await shop.staff.expect(200, completeOrder, { params, body: {} });
  if (state === 'cancelled' || state === 'came_back') await shopper.api.expect(200, cancelOrder, { params, body: {} });
  const [payment] = (await shop.staff.expect(200, listPayments, { query: { order_id: order.id } })).body;
  if (state === 'refunded')
    await shop.staff.expect(201, refundPayment, {
      params: { payment_id: required(payment, 'the payment').id },
      body: { amount: 5, reason: 'a scratch' },
      idempotency_key: order.id,
    });
  if (state === 'disputed' || state === 'came_back')
    await until(async () => {
      const { disputes = [], refunds } = (
        await shop.staff.expect(200, getPayment, { params: { payment_id: required(payment, 'the payment').id } })
      ).body;
      return disputes.length > 0 || refunds.some(({ failure }) => failure !== undefined) ? undefined : 'nothing went wrong yet';
    }, 30_000);
  return { ...nothing, order: order.id, payment: payment?.id ?? '' };
}

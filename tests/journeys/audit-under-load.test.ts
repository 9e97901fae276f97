/** The auditor beside a shop that sells as fast as it can: no false alarm, and a real fault within two audits. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { audit, createRecordReader } from '@souk/auditor';
import { type AuditReport, cancelOrder, type Order, type Product, shipOrder } from '@souk/contracts';
import { required, systemClock } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { buy, openShop, type Shop, type Shopper } from './_support.ts';

/** Enough to keep both cores of a small machine busy; more only wait longer. */
const buyers = 16;
const roundsMin = 2;
const grace_ms = 1_000;
const methods = ['tok_visa', 'tok_visa', 'tok_visa', 'tok_visa', 'tok_visa', 'tok_declined', 'tok_error_once'];

describe('the auditor under full load', () => {
  let shop: Shop;
  let products: Product[];
  let shoppers: Shopper[];
  const ended: Order[] = [];
  let placed = 0;
  let selling = true;

  before(async () => {
    shop = await openShop({ env: { RATE_LIMIT: 'off', OPEN_ORDERS_MAX: '100000', OPEN_PIECES_MAX: '1000000' } });
    products = await Promise.all(Array.from({ length: 6 }, () => shop.aProduct(100_000)));
    shoppers = await Promise.all(Array.from({ length: 6 }, () => shop.aShopper()));
  });
  after(() => shop?.souk.stop());

  /** Buys without a pause; some orders are cancelled at once or sent. */
  const buyer = async (number: number): Promise<void> => {
    const shopper = required(shoppers[number % shoppers.length], 'a shopper');
    for (let turn = number; selling; turn += 1) {
      const product = required(products[turn % products.length], 'a product');
      const order = await buy(shopper, product, { payment_method: required(methods[turn % methods.length], 'a method'), wait_s: 10 });
      placed += 1;
      const params = { order_id: order.id };
      if (order.status === 'confirmed' && turn % 3 === 0) await shopper.api.expect(200, cancelOrder, { params, body: {} });
      else if (order.status === 'confirmed' && turn % 3 === 1)
        await shop.staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
      else ended.push(order);
    }
  };

  const round = async (): Promise<AuditReport> => {
    const records = createRecordReader({ urlOf: shop.souk.urlOf, tokenOf: platformKeys(shop.souk.internal_token).internalToken });
    return audit({ records, clock: systemClock, grace_ms });
  };

  let victim = '';
  const alter = (by: number) =>
    shop.souk
      .databaseOf('payments')
      .query('update sandbox.charges set amount = amount + $2::int, updated_at = now() where reference = $1', [victim, by]);

  test('raises no false alarm, and reports a real fault by name and nothing else', async () => {
    const selling_all = Promise.all(Array.from({ length: buyers }, (_, number) => buyer(number)));
    try {
      let suspicious = 0;
      for (let rounds = 0; rounds < roundsMin || ended.length === 0; rounds += 1) {
        const { violations, warnings } = await round();
        assert.deepEqual(violations, [], `round ${rounds} of a shop that sells`);
        suspicious += warnings.filter(({ rule }) => rule === 'not_at_rest').length;
      }
      victim = required(
        ended.find(({ status }) => status === 'confirmed'),
        'a confirmed order',
      ).id;
      await alter(1);
      const found = [...(await round()).violations, ...(await round()).violations];
      assert.ok(found.length > 0, 'within two rounds');
      assert.deepEqual(new Set(found.map(({ rule, ids }) => `${rule} ${ids[0]}`)), new Set([`charged_differs ${victim}`]));
      process.stdout.write(`# ${placed} orders placed meanwhile, ${suspicious} of ${roundsMin} rounds ended with something on its way\n`);
    } finally {
      selling = false;
      await selling_all;
    }
    assert.ok(placed > buyers, `${placed} orders is no load`);
    await alter(-1);
    await shop.booksBalance();
  });
});

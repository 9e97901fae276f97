/** A shop is backed up under load, with copies that lie seconds apart, and lost; the restored one keeps every promise. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import { adjustStock, cancelOrder, getOrder, listPayments, listProducts, placeOrder, refundPayment, shipOrder } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { aShopProcess, type ShopProcess } from '@souk/platform/testing/shop-process';
import { shipping_address } from '../_support.ts';

const methods = ['tok_visa', 'tok_visa', 'tok_declined', 'tok_visa', 'tok_slow', 'tok_visa', 'tok_timeout', 'tok_visa'];
const buyers = 16;
/** One customer orders everything here. */
const oneCustomer = { RATE_LIMIT: 'off', SOUK_BENCH: '1', OPEN_ORDERS_MAX: '100000', OPEN_PIECES_MAX: '1000000' };
/** Between two of the six snapshots. */
const apart_s = '0.9';

export function backupScenarios(command: readonly string[]): void {
  test('every order acknowledged before a backup under load is there after its restore, and the books balance', {
    timeout: 400_000,
  }, async () => {
    const lost = await aShopProcess(oneCustomer, command);
    after(() => lost.end());
    const restored = await aShopProcess(oneCustomer, command);
    after(() => restored.end());
    await lost.start();
    const load = await startLoad(lost);
    await until(() => (load.acknowledged.length >= 60 ? undefined : `${load.acknowledged.length} acknowledged`), 60_000);
    const before = [...load.acknowledged];
    const folder = join(lost.home, 'backup');
    const backup = await lost.souk('backup', folder, '--apart', apart_s);
    assert.equal(backup.code, 0, backup.stdout + backup.stderr);
    await load.stop();
    assert.ok(load.acknowledged.length > before.length + 20, `the shop went on: ${load.acknowledged.length} after ${before.length}`);
    await lost.killTree();

    const restore = await restored.souk('restore', folder);
    assert.equal(restore.code, 0, restore.stdout + restore.stderr);
    await restored.start();
    const { staff } = await clientsOf(restored);
    for (const order_id of before)
      await until(async () => {
        const { status } = (await staff.expect(200, getOrder, { params: { order_id } })).body;
        return status === 'pending' || status === 'awaiting_payment' ? `an order is ${status}` : undefined;
      }, 60_000);
    const audit = await restored.souk('audit', '--grace', '10');
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);
    assert.match(audit.stdout, /books balanced: \d+ orders, \d+ payments, \d+ movements, 0 violations/);
    const again = await restored.souk('republish', '--since', '2026-01-01T00:00:00Z');
    assert.equal(again.code, 0, again.stdout + again.stderr);
    const still = await restored.souk('audit', '--grace', '10');
    assert.equal(still.code, 0, `publishing everything once more changes nothing: ${still.stdout}${still.stderr}`);
  });
}

async function clientsOf(shop: ShopProcess): Promise<{ customer: Client; staff: Client }> {
  const token = async (role: string): Promise<string> => (await shop.souk('token', '--role', role)).stdout.trim();
  const client = async (role: string): Promise<Client> => createTestClient({ base_url: shop.gateway_url, token: await token(role) });
  return { customer: await client('customer'), staff: await client('staff') };
}

/** Customers who order in every way and change their minds, and staff who ship, refund and count stock, until it is stopped. */
async function startLoad(shop: ShopProcess): Promise<{ acknowledged: string[]; stop(): Promise<void> }> {
  const { customer, staff } = await clientsOf(shop);
  // Counted stock that nobody counted again is lost with the copy of inventory: what is counted here is not ordered.
  const [counted, ...products] = (await customer.expect(200, listProducts, { query: { in_stock: true, limit: 20 } })).body;
  const acknowledged: string[] = [];
  const ending = new AbortController();
  let turn = 0;
  const buy = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      turn += 1;
      const mine = turn;
      const body = {
        items: [{ product_id: products[mine % products.length]?.id ?? '', quantity: 1 }],
        shipping_address,
        payment_method: methods[mine % methods.length] ?? 'tok_visa',
      };
      const wait = mine % 3 === 0 ? { wait_s: 5 } : {};
      const { id: order_id, status } = (await customer.expect(201, placeOrder, { body, ...wait })).body;
      acknowledged.push(order_id);
      if (mine % 7 === 0) await customer.call(cancelOrder, { params: { order_id }, body: { reason: 'changed my mind' } });
      if (status === 'confirmed' && mine % 2 === 0)
        await staff.call(shipOrder, { params: { order_id }, body: { carrier: 'DHL', tracking_number: `T${mine}` } });
      // A refund by staff that only the lost seconds of payments held does not come back: none is made while the copies are taken.
      if (mine % 11 === 0 && acknowledged.length < 40) await refundOne(staff, order_id);
      if (mine % 13 === 0)
        await staff.call(adjustStock, {
          params: { product_id: counted?.id ?? '' },
          body: { quantity_change: 5, reason: 'count' },
        });
    }
  };
  const running = Promise.allSettled(Array.from({ length: buyers }, buy));
  return {
    acknowledged,
    async stop() {
      ending.abort();
      const failed = (await running).find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

async function refundOne(staff: Client, order_id: string): Promise<void> {
  const [payment] = (await staff.expect(200, listPayments, { query: { order_id } })).body;
  if (payment?.status === 'captured')
    await staff.call(refundPayment, { params: { payment_id: payment.id }, body: { amount: 0.5, reason: 'a scratch' } });
}

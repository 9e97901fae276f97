import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { createTestClient } from '@souk/client/testing';
import { getOrder, getReceipt, listProducts, placeOrder } from '@souk/contracts';
import { mapBounded } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { aShopProcess } from '@souk/platform/testing/shop-process';
import { shipping_address } from './_support.ts';

const run = promisify(execFile);
const shop = await aShopProcess({ RATE_LIMIT: 'off' });
after(() => shop.end());

/** The three lines the shop prints for a first order, as they are. */
function printedLines(): string {
  const lines = shop
    .output()
    .split('\n')
    .filter((line) => /^(TOKEN=|ORDER=|curl )/.test(line));
  assert.equal(lines.length, 3, shop.output());
  return lines.join('\n');
}

async function firstOrder(): Promise<void> {
  const { stdout } = await run('bash', ['-c', printedLines()]);
  assert.equal((JSON.parse(stdout) as { status: string }).status, 'confirmed', stdout);
}

test('the printed lines place a first order; after Ctrl-C and a new start they do so again', async () => {
  await shop.start();
  await firstOrder();
  assert.equal(await shop.interrupt(), 0, shop.output());
  await shop.start();
  await firstOrder();
});

/** Once the home has the key set, also when nothing runs any more: here the command is shown an address at which nothing is. */
async function aReceiptIsCheckedWithoutTheShop(api: ReturnType<typeof createTestClient>, order_id: string): Promise<void> {
  const file = join(shop.home, 'receipt.json');
  const { body } = await api.expect(200, getReceipt, { params: { order_id } });
  await writeFile(file, JSON.stringify(body));
  const genuine = await shop.souk('verify-receipt', file);
  assert.equal(genuine.code, 0, genuine.stderr);
  assert.match(genuine.stdout, /^genuine: order S-\d+ /);
  assert.match(genuine.stdout, /rules: +(\d+) of \1 held/);
  const elsewhere = await shop.souk('verify-receipt', file, '--keys', join(shop.home, 'receipt-keys.json'));
  assert.equal(elsewhere.stdout, genuine.stdout);
  await writeFile(file, JSON.stringify(body).replace('"charged":', '"charged":1'));
  const altered = await shop.souk('verify-receipt', file);
  assert.deepEqual([altered.code, altered.stdout], [1, '']);
  assert.match(altered.stderr, /^souk: The receipt is not genuine: [^\n]*altered\.\n$/);
}

test('a second start beside a running one says so', async () => {
  const second = await shop.souk('start');
  assert.equal(second.code, 1);
  assert.match(second.stderr, /running already/);
});

test('after kill -9 of the whole tree in the middle of 200 checkouts every acknowledged order ends by itself and the books balance', async () => {
  const token = (await shop.souk('token')).stdout.trim();
  const api = createTestClient({ base_url: shop.gateway_url, token });
  const products = (await api.expect(200, listProducts, { query: { in_stock: true, limit: 20 } })).body;
  const methods = ['tok_visa', 'tok_visa', 'tok_timeout', 'tok_declined', 'tok_slow'];
  const acknowledged: string[] = [];
  const placing = mapBounded(
    Array.from({ length: 200 }, (_, index) => index),
    50,
    async (index) => {
      const body = {
        items: [{ product_id: products[index % products.length]?.id as string, quantity: 1 }],
        shipping_address,
        payment_method: methods[index % methods.length] as string,
      };
      try {
        acknowledged.push((await api.expect(201, placeOrder, { body })).body.id);
      } catch (error) {
        assert.ok(error instanceof Error, 'the shop was killed in the middle: this one was never acknowledged');
      }
    },
  );
  await until(() => (acknowledged.length >= 100 ? undefined : `${acknowledged.length} acknowledged`));
  await shop.killTree();
  await placing;
  await shop.start();

  const again = createTestClient({ base_url: shop.gateway_url, token: (await shop.souk('token')).stdout.trim() });
  for (const order_id of acknowledged) {
    await until(async () => {
      const { status } = (await again.expect(200, getOrder, { params: { order_id } })).body;
      return ['confirmed', 'cancelled'].includes(status) ? undefined : `an order is ${status}`;
    }, 60_000);
  }
  const why = await shop.souk('why', acknowledged[0] as string);
  assert.equal(why.code, 0, why.stderr);
  assert.match(why.stdout, /^Order S-\d+ was placed on /);
  assert.match(why.stdout, / orders +placed by user:/);
  await aReceiptIsCheckedWithoutTheShop(again, acknowledged[0] as string);
  const audit = await shop.souk('audit', '--grace', '15');
  assert.equal(audit.code, 0, audit.stdout + audit.stderr);
  assert.match(audit.stdout, /books balanced: \d+ orders, \d+ payments, \d+ movements, 0 violations/);
});

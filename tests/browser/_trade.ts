/** What staff do beside orders and stock in the console: promotions, imports, goods that come back, orders of a day. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { listPayments, listProducts, login, quoteOrder, requestReturn, shipOrder } from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import type { Looker } from './_browser.ts';
import { signIn, withoutLeaving } from './_console.ts';
import type { TradingShop } from './_shop.ts';

const shipping_address = { country: 'PT' };

async function clientOf({ souk, credentials }: TradingShop, role: 'staff' | 'customer') {
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  return anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials(role) })).body.access_token });
}

/** A promotion is made, given a code and started; a quote with that code has it, and one after its end has not. Another code is withdrawn. */
export async function promotionIsMade(browser: Looker, shop: TradingShop): Promise<void> {
  const customer = await clientOf(shop, 'customer');
  const product = required((await customer.expect(200, listProducts, { query: { q: 'Copper kettle' } })).body[0], 'the kettle');
  const quoted = async (code: string) => {
    const body = { items: [{ product_id: product.id, quantity: 1 }], shipping_address, codes: [code] };
    return (await customer.expect(200, quoteOrder, { body })).body;
  };
  const discounts = async (): Promise<number> => (await quoted('WINTER10')).discounts?.length ?? 0;
  const { page, faults, barriers, picture } = await browser.open();
  await signIn(page, shop, '/promotions');
  await page.getByRole('button', { name: 'Make a promotion' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name, as customers see it').fill('Winter');
  await dialog.getByLabel('Percentage').fill('10');
  await dialog.getByLabel('Orders it applies to at most').fill('500');
  assert.deepEqual(await barriers(), [], 'the dialog of a promotion');
  await dialog.getByRole('button', { name: 'Make a promotion' }).click();
  await page.getByRole('heading', { level: 1, name: 'Winter' }).waitFor();
  await page.getByRole('button', { name: 'Make codes' }).click();
  await dialog.getByLabel('This code').fill('winter10');
  await dialog.getByRole('button', { name: 'Make codes' }).click();
  await page.getByRole('rowheader', { name: 'WINTER10' }).waitFor();
  assert.equal(await discounts(), 0, 'it does not apply before it is started');
  await page.getByRole('button', { name: 'Start' }).click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Running', { exact: true }).waitFor();
  await until(async () => ((await discounts()) === 1 ? undefined : 'the code does not apply'));
  await page.getByRole('button', { name: 'Make codes' }).click();
  await dialog.getByLabel('This code').fill('leaked');
  await dialog.getByRole('button', { name: 'Make codes' }).click();
  await page.getByRole('button', { name: 'Withdraw LEAKED' }).click();
  assert.deepEqual(await barriers(), [], 'the dialog of a withdrawal');
  await dialog.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText(/^Withdrawn /).waitFor();
  assert.deepEqual((await quoted('leaked')).refused_codes, [{ code: 'leaked', reason: 'expired' }]);
  assert.equal(await discounts(), 1, 'the other code still applies');
  await promotionIsChanged(page, product.id, barriers);
  await until(async () => {
    const { items_total, discounts } = await quoted('WINTER10');
    return discounts?.[0]?.amount === Number((items_total * 0.2).toFixed(2))
      ? undefined
      : `it takes ${JSON.stringify(discounts)} off ${items_total}`;
  });
  await picture('console-promotion');
  assert.deepEqual(await barriers(), [], 'a promotion');
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await dialog.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByText('Not active', { exact: true }).waitFor();
  await until(async () => ((await discounts()) === 0 ? undefined : 'the code still applies'));
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}

/** It takes more off, of one product alone; what is no number is said at its field and not sent. */
async function promotionIsChanged(page: Page, product_id: string, barriers: () => Promise<string[]>): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Change Winter' }).click();
  await dialog.getByLabel('Percentage').fill('twenty');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is not a number.').waitFor();
  assert.deepEqual(await barriers(), [], 'the dialog of a change');
  await dialog.getByLabel('Percentage').fill('20');
  await dialog.getByLabel('Ids of products').first().fill(product_id);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('20 %', { exact: true }).waitFor();
  await page.getByRole('link', { name: product_id }).waitFor();
}

/** A file is tried, says what it would do and writes nothing; its refused row can be downloaded; then it is imported. */
export async function fileIsImported(browser: Looker, shop: TradingShop): Promise<void> {
  const staff = await clientOf(shop, 'staff');
  const rows = ['Handle,Title,Variant Price', 'lamp-of-tin,Lamp of tin,12.50', 'broken,,x', ''];
  const file = { name: 'lamps.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) };
  const found = async (): Promise<number> => (await staff.expect(200, listProducts, { query: { q: 'Lamp of tin' } })).body.length;
  const { page, faults, barriers, picture } = await browser.open({ width: 390, height: 844 });
  await signIn(page, shop, '/imports');
  await page.getByLabel('File').setInputFiles(file);
  await page.getByRole('button', { name: 'Only say what it would do' }).click();
  await page.getByText('Nothing was written').waitFor();
  const said = page.getByRole('region', { name: 'Rows' });
  await said.getByText(/Done2New products1Changed products0Unchanged0Refused rows1/).waitFor();
  assert.equal(await found(), 0);
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the refused rows (CSV)' }).click();
  assert.match((await downloading).suggestedFilename(), /refusals\.csv$/);
  await picture('console-import-phone');
  assert.deepEqual(await barriers(), [], 'an import');
  await page.getByRole('link', { name: 'Another import' }).click();
  const earlier = page.getByRole('region', { name: 'Table: Imports of the last 30 days' });
  await earlier.getByText('nothing written').waitFor();
  assert.deepEqual(await barriers(), [], 'the list of imports');
  await page.getByLabel('File').setInputFiles(file);
  await page.getByLabel('Only say what it would do').uncheck();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await said.getByText(/New products1/).waitFor();
  await until(async () => ((await found()) === 1 ? undefined : 'the lamp is not there'));
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}

/** Does it on a page that draws its next frames late, as on a busy machine, and waits until what waited for one has run. */
async function drawnLate(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate(`
    globalThis.drawn = 0;
    globalThis.inTime = requestAnimationFrame;
    globalThis.requestAnimationFrame = (run) => setTimeout(() => { run(performance.now()); drawn += 1; }, 300);
  `);
  await act();
  await until(async () => ((await page.evaluate<number>('drawn')) > 0 ? undefined : 'nothing was drawn'));
  await page.evaluate('globalThis.requestAnimationFrame = inTime');
}

/** Goods of an order come back: approved, received, refunded; and the order is found by its day. */
export async function goodsComeBack(browser: Looker, shop: TradingShop): Promise<void> {
  const [staff, customer] = [await clientOf(shop, 'staff'), await clientOf(shop, 'customer')];
  // One of its own: of those that are there another test gives a part back.
  const order = await shop.order(20);
  const params = { order_id: order.id };
  await staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'RR1' } });
  const items = [{ product_id: required(order.items[0], 'a line').product_id, quantity: 1, reason: 'too small' }];
  const asked = (await customer.expect(201, requestReturn, { params, body: { items }, idempotency_key: systemIds.uuid() })).body;
  const { page, faults, barriers, picture } = await browser.open({ scheme: 'dark' });
  await signIn(page, shop, '/returns');
  await page.getByRole('link', { name: '1 to decide' }).click();
  await page.waitForURL(/state=requested/);
  await page.getByRole('link', { name: asked.number }).click();
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Approve' }).click();
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('button', { name: 'Note what arrived' }).click();
  const [sold, written_off] = [dialog.getByLabel('arrived, is sold again'), dialog.getByLabel('arrived, is not sold again')];
  await sold.fill('1');
  await written_off.fill('1');
  await drawnLate(page, async () => {
    await dialog.getByRole('button', { name: 'Note what arrived' }).click();
    await written_off.focus();
  });
  assert.equal(await sold.getAttribute('aria-invalid'), 'true', 'more than was announced is not sent');
  assert.equal(await written_off.and(page.locator(':focus')).count(), 1, 'the focus is not taken away again');
  await written_off.fill('0');
  assert.deepEqual(await barriers(), [], 'the dialog of what arrived');
  await dialog.getByRole('button', { name: 'Note what arrived' }).click();
  await page.getByText('Received', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Refund' }).click();
  await dialog.getByLabel('What is kept back').fill('9.95');
  await dialog.getByText(/^€\d+\.\d\d for goods, .*€9\.95 kept: €\d+\.\d\d go back\.$/).waitFor();
  await dialog.getByRole('button', { name: 'Refund' }).click();
  await page.getByText('Refunded', { exact: true }).waitFor();
  await picture('console-return-dark');
  assert.deepEqual(await barriers(), [], 'a return');
  const payment = required((await staff.expect(200, listPayments, { query: params })).body[0], 'the payment');
  assert.equal(payment.refunded_amount, Number((payment.captured_amount - 9.95).toFixed(2)));

  await page.getByRole('link', { name: 'Order', exact: true }).click();
  await page.getByRole('button', { name: 'Compare now' }).click();
  const books = page.getByRole('region', { name: 'Books of this order' });
  await books.getByText('Every rule holds').waitFor();
  await books
    .getByRole('row')
    .filter({ hasText: 'Given back' })
    .getByText(`−€${payment.refunded_amount.toFixed(2)}`)
    .waitFor();
  await books.getByRole('row').filter({ hasText: 'Stays with the shop' }).getByText('€9.95').waitFor();
  await picture('console-order-books-dark');
  assert.deepEqual(await barriers(), [], 'the books of an order');

  await page.goto(`${shop.souk.gateway_url}/console/orders`);
  const today = await page.evaluate<string>('new Intl.DateTimeFormat("sv").format(new Date())');
  await page.getByLabel('From this day on').fill('2020-01-01');
  await page.getByLabel('Until this day').fill('2020-01-02');
  await page.getByText('No orders are like that.').waitFor();
  assert.match(page.url(), /from=2020-01-01&to=2020-01-02/);
  await page.getByLabel('Until this day').fill(today);
  await page.getByRole('link', { name: order.order_number }).waitFor();
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}

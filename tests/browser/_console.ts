/** The console as staff use it: mostly by keyboard, in both colour schemes, wide and on a telephone. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { adjustStock, getStock, listOrders, listPayments, listProducts, login } from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import type { Looker } from './_browser.ts';
import type { TradingShop } from './_shop.ts';

export const screenPaths = [
  ...['', '/orders', '/returns', '/products', '/imports', '/stock?below=all', '/promotions', '/customers', '/payments', '/messages'],
  ...['/queues', '/dead-letters', '/books', '/drills', '/taxes', '/shipping', '/quotes', '/staff', '/activity', '/webhooks', '/api-keys'],
];

async function staffOf({ souk, credentials }: TradingShop) {
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  return anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials('staff') })).body.access_token });
}

export async function signIn(page: Page, { souk, credentials }: TradingShop, path = '', role: 'staff' | 'admin' = 'staff'): Promise<void> {
  const { login: name, password } = credentials(role);
  await page.goto(`${souk.gateway_url}/console${path}`);
  await page.getByLabel('User name or e-mail').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('#screens').waitFor({ state: 'attached' });
}

/** Opened, and everything it asks for is there. */
export async function isLoaded(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await until(async () => ((await page.locator('[aria-busy="true"]').count()) === 0 ? undefined : 'it is loading'));
}

/** Every screen opens without a fault, has no barriers and fits. */
export async function consoleOpens(browser: Looker, shop: TradingShop): Promise<void> {
  const order = required((await (await staffOf(shop)).expect(200, listOrders, { query: { limit: 1 } })).body[0], 'an order');
  const looks = [
    { name: 'wide', width: 1280, height: 860 },
    { name: 'phone', scheme: 'dark', width: 360, height: 740 },
  ] as const;
  for (const look of looks) {
    const { page, faults, barriers, picture } = await browser.open(look);
    await page.goto(`${shop.souk.gateway_url}/console`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    assert.deepEqual(await barriers(), [], `${look.name} sign-in`);
    await signIn(page, shop);
    for (const [index, path] of [...screenPaths, `/orders/${order.id}`].entries()) {
      await page.goto(`${shop.souk.gateway_url}/console${path}`);
      await isLoaded(page);
      assert.deepEqual(await barriers(), [], `${look.name} ${path}`);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(overflow, 0, `${look.name} ${path} is wider than the page`);
      await picture(`console-${look.name}-${index + 1}`);
    }
    await page.getByRole('button', { name: 'Cancel order' }).click();
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(await barriers(), [], `${look.name} dialog`);
    assert.deepEqual(withoutLeaving(faults), []);
    await page.close();
  }
}

/** What was under way when a page was left is broken off, as it should be. */
export const withoutLeaving = (faults: readonly string[]): string[] => faults.filter((fault) => !fault.includes('net::ERR_ABORTED'));

async function holdsFocus(page: Page, selector: string): Promise<string | undefined> {
  return (await page.evaluate<boolean>(`document.activeElement?.matches('${selector}') ?? false`)) ? undefined : `${selector} has no focus`;
}

/** By keyboard alone: finds an order by its number, reads why it is as it is, and gives a part of the money back. */
export async function orderIsFoundAndRefunded(browser: Looker, shop: TradingShop): Promise<void> {
  const staff = await staffOf(shop);
  const orders = (await staff.expect(200, listOrders, { query: { status: 'confirmed', limit: 20 } })).body;
  const {
    id: order_id,
    order_number,
    total_amount,
  } = required(
    orders.find((order) => order.total_amount > 20 && order.currency === 'EUR'),
    'a confirmed order',
  );
  const { page, faults } = await browser.open();
  await signIn(page, shop);
  await page.keyboard.press('Control+k');
  await until(() => holdsFocus(page, '[role=combobox]'));
  await page.keyboard.type(order_number.toLowerCase());
  await page.getByRole('option', { name: order_number }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: order_number }).waitFor();
  await page.getByRole('region', { name: 'Why is it confirmed?' }).getByText('In words.').waitFor();
  await page.getByRole('region', { name: 'Table: What happened' }).getByText('payment.processed').first().waitFor();
  const steps = await page.getByRole('region', { name: 'Table: What happened' }).getByRole('row').count();
  await page.getByRole('img', { name: new RegExp(`^${steps - 1} steps by service`) }).waitFor();
  const refund = page.getByRole('button', { name: 'Refund' });
  await refund.focus();
  await page.keyboard.press('Enter');
  // The dialog takes the focus into its first field.
  await until(() => holdsFocus(page, 'dialog input'));
  await page.keyboard.type('20');
  await page.getByText(`€${total_amount.toFixed(2)} captured, €20.00 back, €${(total_amount - 20).toFixed(2)} stays.`).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('A scratch on the lid');
  await page.keyboard.press('Enter');
  await page.getByRole('listitem').filter({ hasText: '€20.00 A scratch on the lid' }).waitFor();
  await until(async () =>
    (await refund.evaluate((button) => button === button.ownerDocument.activeElement)) ? undefined : 'the focus is lost',
  );
  const [payment] = (await staff.expect(200, listPayments, { query: { order_id } })).body;
  assert.deepEqual(
    payment?.refunds.map(({ amount, reason }) => [amount, reason]),
    [[20, 'A scratch on the lid']],
  );
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}

/** A correction that was made for another number is refused, says what there is now, and goes through for that. */
export async function stockIsAdjusted(browser: Looker, shop: TradingShop): Promise<void> {
  const staff = await staffOf(shop);
  const product = required((await staff.expect(200, listProducts, { query: { q: 'Copper kettle' } })).body[0], 'the kettle');
  const params = { product_id: product.id };
  const onHand = async (): Promise<number> => (await staff.expect(200, getStock, { params })).body.on_hand ?? 0;
  const before = await onHand();
  const { page, faults } = await browser.open();
  await signIn(page, shop, '/stock?below=all');
  await page.getByRole('button', { name: 'Adjust the stock of Copper kettle' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`There are ${before} on hand.`).waitFor();
  await staff.expect(201, adjustStock, { params, body: { quantity_change: 1, reason: 'found' }, idempotency_key: systemIds.uuid() });
  await dialog.getByLabel('Change, such as +20 or -3').fill('+20');
  await dialog.getByLabel('Reason').fill('Delivery');
  await page.keyboard.press('Enter');
  await dialog.getByText(`There are ${before + 1} on hand.`).waitFor();
  await dialog.getByRole('button', { name: `Adjust to ${before + 21}` }).click();
  await page
    .getByRole('row')
    .filter({ hasText: 'Copper kettle' })
    .getByText(String(before + 21))
    .first()
    .waitFor();
  // The public answer comes from the gateway's memory, which may be a second behind.
  await until(async () => ((await onHand()) === before + 21 ? undefined : 'the shop answers another number'));
  assert.deepEqual(
    withoutLeaving(faults).filter((fault) => !fault.includes('409')),
    [],
  );
  await page.close();
}

/** A message that cannot be handled is found by its cause, replayed, dies again, and is discarded after a question that names the number. */
export async function lettersAreReplayed(browser: Looker, shop: TradingShop): Promise<void> {
  const poison = {
    message_id: systemIds.uuid(),
    routing_key: 'payment.requested',
    body: '{"half',
    correlation_id: systemIds.uuid(),
    headers: { event_type: 'payment.requested', version: '1.0' },
    mandatory: true,
  };
  await shop.souk.world.broker.publish([poison]);
  const { page, faults, barriers } = await browser.open();
  await signIn(page, shop, '/dead-letters');
  await page.getByRole('link', { name: 'event invalid' }).click();
  await page.getByRole('button', { name: 'Replay 1 message' }).click();
  await page.getByText('1 message was put back into its queue.').waitFor();
  await page.getByRole('link', { name: 'All dead letters' }).click();
  await page.getByRole('link', { name: 'event invalid' }).click();
  await page.getByRole('rowheader').getByRole('link').click();
  await page.getByText('{"half').waitFor();
  assert.deepEqual(await barriers(), []);
  await page.getByRole('button', { name: 'Discard 1 message' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard 1 message' }).click();
  await page.getByText('Of this cause there are no dead letters any more.').waitFor();
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}

/** Both values are shown when another was faster, and the choice is what is saved. */
export async function conflictIsShown(browser: Looker, shop: TradingShop): Promise<void> {
  const [{ page: first }, { page: second }] = [await browser.open(), await browser.open()] as const;
  const product = required(
    (await (await staffOf(shop)).expect(200, listProducts, { query: { q: 'Copper kettle' } })).body[0],
    'the kettle',
  );
  for (const page of [first, second]) {
    await signIn(page, shop, `/products/${product.id}`);
    await page.getByLabel('Price (EUR)').waitFor();
  }
  await first.getByLabel('Category').fill('Kitchen');
  await first.getByRole('button', { name: 'Save' }).click();
  await first.getByText('1 field has changed and is not saved.').waitFor({ state: 'detached' });
  await second.getByLabel('Price (EUR)').fill('119.95');
  await second.getByRole('button', { name: 'Save' }).click();
  await second.getByText('This product was changed meanwhile.').waitFor();
  await second.getByRole('button', { name: 'Go on with what is chosen' }).click();
  await second.getByRole('button', { name: 'Save' }).click();
  await until(async () => {
    const { body } = await (await staffOf(shop)).expect(200, listProducts, { query: { ids: product.id } });
    const seen = `${body[0]?.category} ${body[0]?.price}`;
    return seen === 'Kitchen 119.95' ? undefined : seen;
  });
  await Promise.all([first.close(), second.close()]);
}

/** Customers are turned away, and new orders wait behind a button. */
export async function listIsLive(browser: Looker, shop: TradingShop): Promise<void> {
  const { page } = await browser.open();
  const { login: name, password } = shop.credentials('customer');
  await page.goto(`${shop.souk.gateway_url}/console/orders`);
  await page.getByLabel('User name or e-mail').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This account is not of the staff.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, shop, '/orders');
  await page.getByRole('rowheader').first().waitFor();
  const rows = await page.getByRole('rowheader').count();
  await until(async () => {
    await shop.order();
    return (await page.getByRole('button', { name: /^Show \d+ new orders?$/ }).count()) === 1 ? undefined : 'the stream brings nothing';
  });
  assert.equal(await page.getByRole('rowheader').count(), rows);
  await page.getByRole('button', { name: /^Show \d+ new orders?$/ }).click();
  await until(async () => ((await page.getByRole('rowheader').count()) > rows ? undefined : 'no new row'));
  await page.close();
}

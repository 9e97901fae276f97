/** Staff in the console: who has which role, what ends sessions, and what is written of it. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { adjustStock, createPromotion, getMe, listOrders, listProducts, login, registerUser, shipOrder } from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Looker } from './_browser.ts';
import { signIn, withoutLeaving } from './_console.ts';
import type { TradingShop } from './_shop.ts';

const password = 'four red sails at noon';

/** Stock is corrected, a promotion made, and an order shipped. */
async function staffWork(shop: TradingShop): Promise<void> {
  const anonymous = createTestClient({ base_url: shop.souk.gateway_url });
  const staff = anonymous.with({ token: (await anonymous.expect(200, login, { body: shop.credentials('staff') })).body.access_token });
  const product = required((await staff.expect(200, listProducts, { query: { q: 'Copper kettle' } })).body[0], 'the kettle');
  const change = { quantity_change: 7, reason: 'Found behind the shelf' };
  await staff.expect(201, adjustStock, { params: { product_id: product.id }, body: change, idempotency_key: systemIds.uuid() });
  const order = required((await staff.expect(200, listOrders, { query: { status: 'confirmed', limit: 1 } })).body[0], 'a confirmed order');
  await staff.expect(201, createPromotion, { body: { label: 'Spring', kind: 'free_shipping' } });
  await staff.expect(200, shipOrder, { params: { order_id: order.id }, body: { carrier: 'Post', tracking_number: 'RR2' } });
}

/** A customer is made staff, signed out everywhere and made a customer again; all of it stands in the activity. */
export async function roleIsGivenAndTaken(browser: Looker, shop: TradingShop): Promise<void> {
  const anonymous = createTestClient({ base_url: shop.souk.gateway_url });
  const nora = { username: 'nora-novak', email: 'nora@mail.example', full_name: 'Nora Novak', password };
  await anonymous.expect(201, registerUser, { body: nora });
  await staffWork(shop);
  const { page, faults, barriers, picture } = await browser.open();
  await signIn(page, shop, '/staff', 'admin');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Give a role' }).click();
  await dialog.getByLabel('User name or e-mail').fill('nora');
  await dialog.getByRole('button', { name: 'Give a role' }).click();
  await dialog.getByText('There is no account with this user name or address.').waitFor();
  await dialog.getByLabel('User name or e-mail').fill('Nora@mail.example');
  await dialog.getByLabel('Role').selectOption('staff');
  assert.deepEqual(await barriers(), [], 'the dialog of a role');
  await dialog.getByRole('button', { name: 'Give a role' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Nora Novak' });
  await row.getByText('Staff', { exact: true }).waitFor();
  await row.getByText('None', { exact: true }).waitFor();
  const { access_token } = (await anonymous.expect(200, login, { body: { login: nora.username, password } })).body;
  await anonymous.with({ token: access_token }).expect(200, getMe);
  await picture('console-staff');
  assert.deepEqual(await barriers(), [], 'staff');
  await page.getByRole('button', { name: 'End sessions of Nora Novak' }).click();
  await dialog.getByRole('button', { name: 'End sessions' }).click();
  await until(async () => ((await anonymous.with({ token: access_token }).call(getMe)).status === 401 ? undefined : 'the session goes on'));
  await page.getByRole('button', { name: 'Change role of Nora Novak' }).click();
  await dialog.getByLabel('Role').selectOption('customer');
  await dialog.getByRole('button', { name: 'Change role' }).click();
  await row.waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'What staff did' }).click();
  const gave = page.getByRole('row').filter({ hasText: 'Gave a role' }).filter({ hasText: 'Nora Novak' });
  await gave.filter({ hasText: 'Customer' }).waitFor();
  await gave.filter({ hasText: 'Staff' }).waitFor();
  await page.getByRole('row').filter({ hasText: 'Ended sessions' }).filter({ hasText: 'Nora Novak' }).waitFor();
  await picture('console-activity');
  assert.deepEqual(await barriers(), [], 'what staff did to accounts');
  await page.getByLabel('About').selectOption('stock');
  await page.getByRole('row').filter({ hasText: '+7 on hand' }).getByText('Found behind the shelf').waitFor();
  assert.deepEqual(await barriers(), [], 'what staff did to stock');
  await page.getByLabel('About').selectOption('orders');
  await page.getByRole('row').filter({ hasText: 'Shipped' }).first().waitFor();
  assert.deepEqual(await barriers(), [], 'what staff did to orders');
  await page.getByLabel('About').selectOption('shop');
  const made = page.getByRole('row').filter({ hasText: 'Promotion: made' }).filter({ hasText: 'Spring' });
  await made.first().waitFor();
  assert.deepEqual(await barriers(), [], 'what staff did to promotions');
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}

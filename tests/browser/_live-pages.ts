/** What scripts add: an order and the pieces of a thing change while they are looked at, and a search suggests. Nothing of it loads a page anew. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { adjustStock, login, placeOrder, shipOrder } from '@souk/contracts';
import type { Page } from 'playwright-core';
import type { Looker } from './_browser.ts';
import type { Goods } from './_buying.ts';
import type { TradingShop } from './_shop.ts';

const shipping_address = { full_name: 'Lea Live', street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };

/** A page that was loaded anew has not got it. */
const mark = (page: Page) => page.evaluate('document.documentElement.dataset.mark = "here"');
const isMarked = (page: Page) => page.evaluate<boolean>('document.documentElement.dataset.mark === "here"');

export async function pagesAreLive(browser: Looker, { souk, credentials }: TradingShop, { lamp }: Goods): Promise<void> {
  const url = souk.gateway_url;
  const anonymous = createTestClient({ base_url: url });
  const clientOf = async (role: 'customer' | 'staff') =>
    anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials(role) })).body.access_token });
  const [customer, staff] = [await clientOf('customer'), await clientOf('staff')];
  const { page, faults, barriers } = await browser.open();
  await page.goto(`${url}/p/${lamp}`);
  await page.getByText('In stock', { exact: true }).waitFor();
  await page.getByLabel('Quantity').fill('7');
  await mark(page);
  const all = -Number(await page.locator('.count').getAttribute('data-pieces'));
  await staff.expect(201, adjustStock, { params: { product_id: lamp }, body: { quantity_change: all + 3, reason: 'counted' } });
  await page.getByText('Only 3 left').waitFor();
  assert.equal(await page.getByLabel('Quantity').inputValue(), '7', 'what is typed stays');
  await staff.expect(201, adjustStock, { params: { product_id: lamp }, body: { quantity_change: -3, reason: 'counted' } });
  await page.getByText('This cannot be ordered at the moment: it is sold out.').waitFor();
  await staff.expect(201, adjustStock, { params: { product_id: lamp }, body: { quantity_change: -all, reason: 'counted' } });
  await page.getByRole('button', { name: 'Add to cart' }).waitFor();
  assert.ok(await isMarked(page));
  await searchSuggests(page, barriers);
  await orderIsLive(page, url, { customer, staff, credentials: credentials('customer'), lamp });
  assert.deepEqual(
    faults.filter((fault) => !fault.includes('net::ERR_ABORTED')),
    [],
  );
  await page.close();
}

/** By keyboard: the list opens, is walked through, closes, and leads to a thing. */
async function searchSuggests(page: Page, barriers: () => Promise<string[]>): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Search for' });
  await field.pressSequentially('readin');
  const option = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { name: 'Reading Lamp <b>' });
  await option.waitFor();
  assert.deepEqual(await barriers(), []);
  await page.keyboard.press('Escape');
  await option.waitFor({ state: 'detached' });
  await field.pressSequentially('g');
  await option.waitFor();
  await page.keyboard.press('ArrowDown');
  assert.equal(await field.getAttribute('aria-activedescendant'), 'suggestion-1');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Reading Lamp <b>' }).waitFor();
  assert.match(new URL(page.url()).pathname, /^\/p\//);
}

interface Watched {
  customer: ReturnType<typeof createTestClient>;
  staff: ReturnType<typeof createTestClient>;
  credentials: { login: string; password: string };
  lamp: string;
}

async function orderIsLive(page: Page, url: string, { customer, staff, credentials, lamp }: Watched): Promise<void> {
  const body = { items: [{ product_id: lamp, quantity: 1 }], shipping_address, payment_method: 'tok_visa' };
  const { id } = (await customer.expect(201, placeOrder, { body, wait_s: 20 })).body;
  await page.goto(`${url}/sign-in?to=/orders/${id}`);
  await page.getByLabel('User name or e-mail address').fill(credentials.login);
  await page.getByLabel('Password', { exact: true }).fill(credentials.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Paid, and on its way to be packed').waitFor();
  await mark(page);
  await staff.expect(200, shipOrder, { params: { order_id: id }, body: { carrier: 'Posta', tracking_number: 'PT-1' } });
  await page.getByText('With Posta, number PT-1').waitFor();
  await page.locator('.state', { hasText: /^Sent$/ }).waitFor();
  assert.ok(await isMarked(page));
}

/** The cart goes along with its owner: from the browser into the account, to another device and back, into the order, and not to the next one at the machine. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { getCart, login, registerUser } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import type { Looker } from './_browser.ts';
import { addToCart, type Goods } from './_buying.ts';
import type { TradingShop } from './_shop.ts';

const password = 'a long enough passphrase 7';

async function aPerson(url: string, username: string) {
  const anonymous = createTestClient({ base_url: url });
  await anonymous.expect(201, registerUser, {
    body: { username, email: `${username}@mail.example`, full_name: 'Cora Cart', password },
  });
  const { access_token } = (await anonymous.expect(200, login, { body: { login: username, password } })).body;
  const api = anonymous.with({ token: access_token });
  const saved = async () => (await api.expect(200, getCart)).body.lines.map(({ product_id, quantity }) => [product_id, quantity] as const);
  return { username, api, saved };
}

async function signsIn(page: Page, url: string, username: string): Promise<void> {
  await page.goto(`${url}/sign-in?to=/cart`);
  await page.getByLabel('User name or e-mail address').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your cart' }).waitFor();
}

/** What the page of the cart shows, by product. */
async function shows(page: Page, url: string, quantities: Readonly<Record<string, number>>): Promise<void> {
  await page.goto(`${url}/cart`);
  for (const [name, quantity] of Object.entries(quantities))
    assert.equal(await page.getByRole('spinbutton', { name: `Quantity of ${name}` }).inputValue(), String(quantity), name);
  assert.equal(await page.getByRole('spinbutton').count(), Object.keys(quantities).length);
}

export async function cartGoesAlong(browser: Looker, { souk }: TradingShop, { lamp, bell }: Goods): Promise<void> {
  const url = souk.gateway_url;
  const cora = await aPerson(url, 'cora-cart');
  const desk = await browser.open({ script: false });
  const phone = await browser.open({ script: false, width: 390 });
  // What was in the browser comes along.
  await addToCart(desk.page, url, lamp, 2);
  await signsIn(desk.page, url, cora.username);
  assert.deepEqual(await cora.saved(), [[lamp, 2]]);
  await addToCart(desk.page, url, bell, 1);
  // The other device has more of one, less of the other.
  await addToCart(phone.page, url, lamp, 1);
  await addToCart(phone.page, url, bell, 3);
  await signsIn(phone.page, url, cora.username);
  await shows(phone.page, url, { 'Reading Lamp <b>': 2, 'Table Bell': 3 });
  await desk.page.goto(`${url}/cart`);
  await desk.page.getByText('Your cart was changed on another device. This is how it is now.').waitFor();
  await shows(desk.page, url, { 'Reading Lamp <b>': 2, 'Table Bell': 3 });
  // What is taken out on one is gone on the other, also where that changes something before it has looked.
  await desk.page.getByRole('button', { name: 'Remove Table Bell' }).click();
  await desk.page.getByRole('link', { name: 'Cart, 2 pieces' }).waitFor();
  await addToCart(phone.page, url, lamp, 1);
  await shows(phone.page, url, { 'Reading Lamp <b>': 3 });
  // Orders is away: the browser goes on by itself, and nothing is lost.
  await souk.stopService('orders');
  await addToCart(phone.page, url, bell, 1);
  await souk.startService('orders');
  // The gateway may take it for away for a moment longer; each page tries again.
  await until(async () => {
    await shows(phone.page, url, { 'Reading Lamp <b>': 3, 'Table Bell': 1 });
    const saved = JSON.stringify(await cora.saved());
    return saved ===
      JSON.stringify([
        [lamp, 3],
        [bell, 1],
      ])
      ? undefined
      : saved;
  });
  // The next one at the machine finds nothing, and gets nothing of hers.
  await phone.page.getByRole('link', { name: 'Signed in as Cora Cart' }).click();
  await phone.page.getByRole('button', { name: 'Sign out' }).click();
  await phone.page.getByRole('link', { name: 'Cart, 0 pieces' }).waitFor();
  assert.deepEqual(await phone.page.context().cookies(), []);
  const nils = await aPerson(url, 'nils-next');
  await desk.page.context().clearCookies({ name: /access|refresh/ });
  await signsIn(desk.page, url, nils.username);
  await shows(desk.page, url, {});
  assert.deepEqual([await nils.saved(), (await cora.saved()).length], [[], 2]);
  await desk.page.close();
  await orderEmpties(phone.page, url, cora);
  await phone.page.close();
}

/** An order takes what was ordered out of the account, too. */
async function orderEmpties(page: Page, url: string, { username, saved }: Awaited<ReturnType<typeof aPerson>>): Promise<void> {
  await signsIn(page, url, username);
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await page.getByLabel('Street and number').fill('1 Market Square');
  await page.getByLabel('Town').fill('Lisbon');
  await page.getByLabel('Postal code').fill('1100-148');
  await page.getByLabel('Country').selectOption('PT');
  await page.getByRole('button', { name: /^Order and pay €/ }).click();
  await page.getByText('Thank you. Your order is taken').waitFor();
  assert.deepEqual(await saved(), []);
  await shows(page, url, {});
}

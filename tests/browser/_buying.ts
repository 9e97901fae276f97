/** A customer buys: cart, checkout as a guest, the order, its receipt; what is sold out, declined or sent twice; with and without scripts. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { createProduct, getStock, listOrders, login } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import type { Looker, Visited } from './_browser.ts';
import type { TradingShop } from './_shop.ts';

export interface Goods {
  lamp: string;
  bell: string;
  last: string;
}

/** Lamps and bells of which there are many, and a vase of which there is one. */
export async function fillWindow({ souk, credentials }: TradingShop): Promise<Goods> {
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  const staff = anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials('staff') })).body.access_token });
  const add = async (name: string, stock_quantity: number): Promise<string> => {
    const { id } = (await staff.expect(201, createProduct, { body: { name, price: 24.5, currency: 'EUR', stock_quantity } })).body;
    await until(async () =>
      (await anonymous.call(getStock, { params: { product_id: id } })).status === 200 ? undefined : 'no stock record',
    );
    return id;
  };
  return { lamp: await add('Reading Lamp <b>', 100), bell: await add('Table Bell', 100), last: await add('Last Vase', 1) };
}

export async function addToCart(page: Page, url: string, product_id: string, quantity = 1): Promise<void> {
  await page.goto(`${url}/p/${product_id}`);
  await page.getByRole('heading', { level: 1, name: /Lamp|Vase|Bell/ }).waitFor();
  await page.getByLabel('Quantity').fill(String(quantity));
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your cart' }).waitFor();
}

async function fillIn(page: Page, email: string, payment: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Full name').fill('Gero Gast');
  await page.getByLabel('Street and number').fill('1 Market Square');
  await page.getByLabel('Town').fill('Lisbon');
  await page.getByLabel('Postal code').fill('1100-148');
  await page.getByLabel('Country').selectOption('PT');
  await page.getByLabel(payment, { exact: true }).check();
}

const pay = (page: Page) => page.getByRole('button', { name: /^Order and pay €/ });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

/** The page is reloaded by the browser itself until it says so. */
async function isConfirmed(page: Page): Promise<void> {
  await page.getByText('Paid, and on its way to be packed').waitFor({ timeout: 30_000 });
}

async function isInOrder({ page, barriers, faults }: Visited, where: string): Promise<void> {
  assert.deepEqual(await barriers(), [], where);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(overflow, 0, `${where} is wider than the page`);
  assert.deepEqual(faults, [], where);
}

/** From a product to the receipt, and back to the form that was sent: it is the same order. */
export async function guestBuys(
  browser: Looker,
  shop: TradingShop,
  { lamp }: Goods,
  look: { script: boolean; width: number },
): Promise<void> {
  const { gateway_url: url } = shop.souk;
  const visited = await browser.open({ ...look, height: 844 });
  const { page, picture } = visited;
  // axe is a script: where none run, the pages are the same.
  const looksRight = async (where: string): Promise<void> => {
    if (look.script) await isInOrder(visited, `${look.width} ${where}`);
    await picture(`buy-${look.width}-${where}`);
  };
  await page.goto(`${url}/cart`);
  await page.getByText('There is nothing in your cart yet.').waitFor();
  await looksRight('empty');
  await addToCart(page, url, lamp, 2);
  await page.getByRole('link', { name: 'Cart, 2 pieces' }).waitFor();
  await page.getByRole('spinbutton', { name: 'Quantity of Reading Lamp <b>' }).fill('3');
  await page.getByRole('button', { name: /^Update/ }).click();
  await page.getByText('€73.50').first().waitFor();
  await looksRight('cart');
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await heading(page, 'Checkout');
  await fillIn(page, `gero-${look.width}@mail.example`, 'A card that works');
  await looksRight('checkout');
  await pay(page).click();
  await page.getByText('Thank you. Your order is taken').waitFor();
  await page.getByRole('link', { name: 'Cart, 0 pieces' }).waitFor();
  await isConfirmed(page);
  const address = page.url().replace(/\?.*/, '');
  await looksRight('order');
  await page.getByRole('link', { name: 'Receipt' }).click();
  await heading(page, /^Receipt of order S-/);
  await page.getByText('Charged 1 time').waitFor();
  await looksRight('receipt');
  // Another order from another cart is another order; that of the form that was sent before is found again.
  await addToCart(page, url, lamp);
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  assert.equal(await page.getByLabel('Town').inputValue(), 'Lisbon', 'what is known is not asked for again');
  assert.equal(await page.getByLabel('E-mail').count(), 0);
  await pay(page).click();
  await page.getByText('Thank you. Your order is taken').waitFor();
  assert.notEqual(page.url().replace(/\?.*/, ''), address);
  await page.close();
}

/** A declined card keeps the checkout, and another one pays; what is sold out says so; a forged cart is an empty one. */
export async function buyingGoesWrong(browser: Looker, shop: TradingShop, { last, lamp }: Goods): Promise<void> {
  const { gateway_url: url } = shop.souk;
  const { page } = await browser.open({ script: false });
  await addToCart(page, url, last);
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await page.getByLabel('E-mail').fill('nobody@');
  await page.locator('form.buying').evaluate((form) => form.setAttribute('novalidate', ''));
  await pay(page).click();
  await page.getByRole('alert').getByRole('link', { name: 'Street and number' }).waitFor();
  assert.equal(await page.getByLabel('E-mail').inputValue(), 'nobody@');
  await fillIn(page, 'dora@mail.example', 'A card that is declined');
  await pay(page).click();
  await page.getByText('The payment was declined. Nothing is charged and nothing is held').waitFor();
  assert.equal(await page.getByLabel('Street and number').inputValue(), '1 Market Square');
  await page.getByLabel('A card that works', { exact: true }).check();
  await pay(page).click();
  await page.getByText('Thank you. Your order is taken').waitFor();
  await isConfirmed(page);
  await page.goto(`${url}/p/${last}`);
  await page.getByText('This cannot be ordered at the moment: it is sold out.').waitFor();
  await addToCart(page, url, lamp);
  await page.context().addCookies([{ name: 'souk_cart', value: 'v1.x', url }]);
  await page.goto(`${url}/cart`);
  await page.getByText('could not be read, so this one is new').waitFor();
  await page.close();
}

/** The bank of the customer asks: its page, and the order that waits for it; cancelled, and its products in the cart again. */
export async function bankAsks(browser: Looker, shop: TradingShop, { lamp }: Goods): Promise<void> {
  const { gateway_url: url } = shop.souk;
  const { page } = await browser.open({ script: false });
  const orderBy = async (payment: string): Promise<void> => {
    await addToCart(page, url, lamp);
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    if ((await page.getByLabel('E-mail').count()) > 0) await fillIn(page, 'bea@mail.example', payment);
    await page.getByLabel(payment, { exact: true }).check();
    await pay(page).click();
    await page.getByText('Thank you. Your order is taken').waitFor();
  };
  const asking = 'A card whose bank asks you to confirm on a page of its own';
  await orderBy(asking);
  const address = page.url();
  await page.getByRole('link', { name: 'Confirm the payment' }).click({ timeout: 30_000 });
  await page.getByRole('button').first().click();
  await page.goto(address);
  await isConfirmed(page);
  await orderBy(asking);
  await page.getByRole('button', { name: 'Cancel this order' }).click();
  await page.getByText('The order is cancelled.').waitFor();
  await page.getByRole('button', { name: 'Put these products into the cart again' }).click();
  await page.getByText('The products of that order are in your cart again.').waitFor();
  await page.getByRole('link', { name: 'Find an order' }).click();
  for (const email of ['bea@mail.example', 'stranger@mail.example']) {
    await page.getByLabel('Order number').fill('S-1');
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send me the link' }).click();
    await page
      .getByText(/^This cannot be read|If there is such an order/)
      .first()
      .waitFor();
  }
  await page.close();
}

/** What one form is when it is sent several times at once, and once more when the first answer is there. */
export async function formsSentTwice({ souk: { gateway_url: url }, credentials }: TradingShop, { lamp }: Goods): Promise<void> {
  const send = (path: string, fields: Record<string, string>, cookie: string) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html', cookie },
      body: new URLSearchParams(fields),
    });
  const cookiesOf = (answer: Response): string =>
    answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  const added = await send('/cart/lines', { product_id: lamp, quantity: '1', change: 'add' }, '');
  assert.equal(added.status, 303);
  const cart = cookiesOf(added);
  const page = await (await fetch(`${url}/checkout`, { headers: { accept: 'text/html', cookie: cart } })).text();
  const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
  const form = {
    cart: hidden('cart'),
    expected_total: hidden('expected_total'),
    step: 'pay',
    email: 'twice@mail.example',
    full_name: 'Twila Twice',
    street: '1 Market Square',
    city: 'Lisbon',
    country: 'GB',
    payment_method: 'tok_visa',
  };
  const answers = await Promise.all([form, form, form].map((fields) => send('/checkout', fields, cart)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [303, 303, 303],
  );
  const orders = answers.map(({ headers }) => headers.get('location')?.replace(/\?.*/, ''));
  assert.equal(new Set(orders).size, 1, `one order: ${orders.join()}`);
  // Its answer was lost, and the customer has chosen another payment since.
  const other = await send('/checkout', { ...form, payment_method: 'tok_slow' }, cart);
  assert.equal(other.headers.get('location'), `${orders[0]}?notice=found`);
  const [first] = answers;
  const later = await send('/checkout', form, cookiesOf(first as Response));
  assert.equal(later.headers.get('location'), `${orders[0]}?notice=found`, 'the form of a cart that is ordered');
  const strange = await fetch(`${url}/checkout`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site', cookie: cart },
    body: new URLSearchParams(form),
  });
  assert.equal(strange.status, 403);
  const anonymous = createTestClient({ base_url: url });
  const staff = anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials('staff') })).body.access_token });
  const { body } = await staff.expect(200, listOrders, { query: { limit: 100 } });
  assert.equal(body.filter(({ shipping_address }) => shipping_address?.full_name === 'Twila Twice').length, 1);
}

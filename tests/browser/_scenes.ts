/** What there are pictures of: pages of the shop and screens of the console, whole, empty, wrong, and with a part of the shop away. */
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import type { PhotographedShop } from './_photographed-shop.ts';

export interface Look {
  width: number;
  height: number;
  scheme: 'light' | 'dark';
}

export const looks = {
  wide: { width: 1280, height: 860, scheme: 'light' },
  dark: { width: 1280, height: 860, scheme: 'dark' },
  phone: { width: 390, height: 844, scheme: 'light' },
  night: { width: 390, height: 844, scheme: 'dark' },
} as const;

export interface Scene {
  name: string;
  says: string;
  as: 'stranger' | 'customer' | 'staff';
  look: keyof typeof looks;
  /** Takes something away; the answered function brings it back. */
  before?(shop: PhotographedShop): Promise<() => Promise<void>>;
  open(page: Page, shop: PhotographedShop): Promise<void>;
}

type Path = string | ((shop: PhotographedShop) => string);
type Service = Parameters<PhotographedShop['souk']['stopService']>[0];

/** Where nothing was taken away a page is opened again until nothing is missing: a machine that is busy may be slower than a part is waited for. */
const wholeWithinMs = 60_000;
const missing = /does not answer at the moment|cannot be (?:counted|read|worked out) at the moment|are missing on this page/;
const at =
  (path: Path, { is_whole = true }: { is_whole?: boolean } = {}) =>
  async (page: Page, shop: PhotographedShop): Promise<void> => {
    await until(async () => {
      await page.goto(`${shop.url}${typeof path === 'string' ? path : path(shop)}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return is_whole && missing.test((await page.locator('main').textContent()) ?? '') ? 'a part of the page is missing' : undefined;
    }, wholeWithinMs);
  };
const without =
  (service: Service) =>
  async ({ souk }: PhotographedShop) => {
    await souk.stopService(service);
    return () => souk.startService(service);
  };
const store = (name: string, says: string, path: Path, look: Scene['look'] = 'wide', more: Partial<Scene> = {}): Scene => ({
  ...{ name: `store-${name}`, says, as: 'stranger', look, open: at(path, { is_whole: more.before === undefined }) },
  ...more,
});
const own = (name: string, says: string, path: Path, look: Scene['look'] = 'wide', more: Partial<Scene> = {}): Scene =>
  store(name, says, path, look, { as: 'customer', ...more });
const screen = (name: string, says: string, path: Path, look: Scene['look'] = 'wide', more: Partial<Scene> = {}): Scene => ({
  name: `console-${name}`,
  says,
  as: 'staff',
  look,
  async open(page, shop) {
    await at((given) => `/console${typeof path === 'string' ? path : path(given)}`)(page, shop);
    await until(async () => ((await page.locator('[aria-busy="true"]').count()) === 0 ? undefined : 'it is loading'));
  },
  ...more,
});

async function fillCart(page: Page, { url, products }: PhotographedShop, things = 3): Promise<void> {
  for (const product of products.slice(5, 5 + things)) {
    await page.goto(`${url}/p/${product.id}`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your cart' }).waitFor();
  }
}

async function openCheckout(page: Page, shop: PhotographedShop): Promise<void> {
  await fillCart(page, shop);
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await page.getByRole('heading', { level: 1, name: 'Checkout' }).waitFor();
}

async function orderBy(page: Page, payment: string): Promise<void> {
  for (const [label, text] of [
    ['E-mail', 'gero@mail.example'],
    ['Full name', 'Gero Gast'],
    ['Street and number', '1 Market Square'],
    ['Postal code', '1100-148'],
    ['Town', 'Lisbon'],
  ] as const)
    await page.getByLabel(label).fill(text);
  await page.getByLabel('Country').selectOption('PT');
  await page.getByLabel(payment, { exact: true }).check();
  await page.getByRole('button', { name: /^Order and pay/ }).click();
  await page.waitForLoadState('load');
  await page.getByRole('alert').first().waitFor();
}

const shopping: readonly Scene[] = [
  store('home', 'The start page.', '/'),
  store('home-dark', 'The start page in the dark.', '/', 'dark'),
  store('home-phone', 'The start page on a telephone.', '/', 'phone'),
  store('category', 'A category.', ({ products }) => `/c/${encodeURIComponent(products[5]?.category ?? '')}`),
  store(
    'category-night',
    'A category on a telephone at night.',
    ({ products }) => `/c/${encodeURIComponent(products[5]?.category ?? '')}`,
    'night',
  ),
  store(
    'filters',
    'Everything, with the filters open: what things say of themselves, with how many there are.',
    '/search?sort=price&in_stock=true',
  ),
  store('filters-phone', 'The filters on a telephone.', '/search?sort=price&max_price=60', 'phone'),
  store('search', 'What a search has found.', '/search?q=lamp'),
  store('search-close', 'A misspelt search, and what comes close.', '/search?q=ketle', 'phone'),
  store('search-nothing', 'A search that finds nothing.', '/search?q=zzzzzz'),
  store(
    'product',
    'A thing with its variants and the pieces that there are.',
    ({ products }) => `/p/${products.find(({ group_id }) => group_id !== null)?.id}`,
  ),
  store(
    'product-night',
    'The same on a telephone at night.',
    ({ products }) => `/p/${products.find(({ group_id }) => group_id !== null)?.id}`,
    'night',
  ),
  store(
    'product-alone',
    'A thing without variants.',
    ({ products }) => `/p/${products.find(({ group_id }) => group_id === null)?.id}`,
    'phone',
  ),
  store('nowhere', 'A page that does not exist.', '/p/nothing', 'phone'),
  store('proof', 'What is promised, and what the last audit has found.', '/proof'),
];

const buying: readonly Scene[] = [
  store('cart-empty', 'An empty cart.', '/cart', 'phone'),
  store('cart', 'The cart.', '/cart', 'wide', { open: fillCart }),
  store('cart-night', 'The cart on a telephone at night.', '/cart', 'night', { open: fillCart }),
  store('checkout', 'The checkout of a guest: one page, one button that pays.', '/checkout', 'wide', { open: openCheckout }),
  store('checkout-phone', 'The checkout on a telephone.', '/checkout', 'phone', { open: openCheckout }),
  store('checkout-wrong', 'What is missing, on top and at the fields.', '/checkout', 'wide', {
    async open(page, shop) {
      await openCheckout(page, shop);
      await page.locator('form.buying').evaluate((form) => form.setAttribute('novalidate', ''));
      await page.getByRole('button', { name: /^Order and pay/ }).click();
      await page.getByRole('alert').first().waitFor();
    },
  }),
  store('checkout-declined', 'A declined card keeps the checkout.', '/checkout', 'phone', {
    async open(page, shop) {
      await openCheckout(page, shop);
      await orderBy(page, 'A card that is declined');
    },
  }),
  own('order-asking', 'An order whose bank asks its customer.', ({ orders }) => `/orders/${orders.asking}`),
  own('order', 'An order that is paid.', ({ orders }) => `/orders/${orders.confirmed}`, 'phone'),
  own('order-parcels', 'An order in two parcels, and something of it on its way back.', ({ orders }) => `/orders/${orders.sent}`),
  own('order-parcels-night', 'The same on a telephone at night.', ({ orders }) => `/orders/${orders.sent}`, 'night'),
  own('order-declined', 'An order whose payment was declined.', ({ orders }) => `/orders/${orders.declined}`, 'phone'),
  own('return', 'Where a customer announces what comes back.', ({ orders }) => `/orders/${orders.sent}/return`),
  own(
    'receipt',
    'The receipt: charged once, held exactly, checked against the books.',
    ({ orders }) => `/orders/${orders.confirmed}/receipt`,
  ),
  store('track', 'Where a guest finds an order again.', '/track', 'phone'),
];

const account: readonly Scene[] = [
  store('sign-in', 'Signing in.', '/sign-in', 'phone'),
  store('register', 'Opening an account.', '/register'),
  own('account-orders', 'The own orders.', '/account/orders'),
  own('account-messages', 'What was sent by mail.', '/account/messages', 'phone'),
  own('account-security', 'Password and sessions.', '/account/security', 'dark'),
];

const degraded: readonly Scene[] = [
  store(
    'no-inventory',
    'Inventory is away: the thing is shown, and says that its pieces are as last known.',
    ({ products }) => `/p/${products[7]?.id}`,
    'wide',
    { before: without('inventory') },
  ),
  store('no-products', 'The catalogue is away.', '/search?q=lamp', 'phone', { before: without('products') }),
  store('no-orders', 'Orders is away: the cart works.', '/cart', 'wide', { before: without('orders'), open: fillCart }),
  own('no-account', 'Orders is away: the account says so.', '/account/orders', 'wide', { before: without('orders') }),
  own('order-waiting', 'Inventory is away: the order is safe and says what it waits for.', '/', 'phone', {
    before: without('inventory'),
    async open(page, shop) {
      const order_id = await shop.placeWaiting();
      await at(`/orders/${order_id}`)(page, shop);
    },
  }),
];

const screens: readonly Scene[] = [
  screen('sign-in', 'Signing in to the console.', '', 'phone', { as: 'stranger', open: at('/console') }),
  screen('today', 'What needs a person now.', ''),
  screen('today-dark', 'The same in the dark.', '', 'dark'),
  screen('today-phone', 'The same on a telephone.', '', 'phone'),
  screen('orders', 'Orders, which change while they are looked at.', '/orders'),
  screen('orders-none', 'A state that no order has.', '/orders?status=completed'),
  screen('order', 'An order with its causes and its commands.', ({ orders }) => `/orders/${orders.sent}`),
  screen('order-night', 'The same on a telephone at night.', ({ orders }) => `/orders/${orders.sent}`, 'night'),
  screen('products', 'Products.', '/products'),
  screen('stock', 'Stock, the lowest first.', '/stock?below=all', 'dark'),
  screen('payments', 'Payments.', '/payments'),
  screen('customers', 'Customers.', '/customers'),
  screen('messages', 'Messages to customers.', '/messages', 'phone'),
  screen('dead-letters', 'No dead letters.', '/dead-letters'),
  screen('books', 'The books, as the auditor has found them.', '/books'),
  screen('payments-away', 'Payments is away: the screen says since when.', '/payments', 'wide', { before: without('payments') }),
  screen('today-away', 'Inventory is away: what waits for it.', '', 'wide', { before: without('inventory') }),
];

/** In the order in which they are taken: what is taken away is back before the next. */
export const scenes: readonly Scene[] = [...shopping, ...buying, ...account, ...degraded, ...screens];

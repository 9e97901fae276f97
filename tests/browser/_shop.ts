/** A shop with some trade in it, and staff who look at its status page. */
import { createTestClient } from '@souk/client/testing';
import {
  confirmSecondFactor,
  countOrders,
  createProduct,
  enrolSecondFactor as enrolRoute,
  getStock,
  login,
  type Order,
  placeOrder,
} from '@souk/contracts';
import { required } from '@souk/kernel';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions, until } from '@souk/platform/testing';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';

const shipping_address = {
  full_name: 'Carla Customer',
  street: '1 Market Square',
  city: 'Lisbon',
  postal_code: '1100-148',
  country: 'PT',
};
const ordersPlaced = 6;

export interface TradingShop {
  souk: TestPlatform;
  credentials(role: 'staff' | 'admin' | 'customer'): { login: string; password: string };
  /** Places an order, and waits for its end as long as `wait_s` says: not at all where it is absent. */
  order(wait_s?: number): Promise<Order>;
}

/** Starts it and lets a customer buy. */
export async function openTradingShop(options: TestPlatformOptions): Promise<TradingShop> {
  const souk = await startTestPlatform(options);
  const credentials: TradingShop['credentials'] = (role) => {
    const account = required(
      souk.accounts.find((candidate) => candidate.role === role),
      role,
    );
    return { login: account.username, password: account.password };
  };
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  const signIn = async (role: 'staff' | 'customer') =>
    anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials(role) })).body.access_token });
  const [staff, customer] = [await signIn('staff'), await signIn('customer')];
  const { body: product } = await staff.expect(201, createProduct, {
    body: { name: 'Copper kettle', price: 129.95, currency: 'EUR', stock_quantity: 100 },
  });
  await until(async () =>
    (await anonymous.call(getStock, { params: { product_id: product.id } })).status === 200 ? undefined : 'no stock record',
  );
  const order = async (wait_s = 0): Promise<Order> => {
    const body = { items: [{ product_id: product.id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' };
    return (await customer.expect(201, placeOrder, { body, wait_s })).body;
  };
  for (let placed = 0; placed < ordersPlaced; placed += 1) await order(20);
  return { souk, credentials, order };
}

/** How many orders are confirmed at this moment, as text. */
export async function confirmedOrders({ souk, credentials }: TradingShop): Promise<string> {
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  const { access_token } = (await anonymous.expect(200, login, { body: credentials('staff') })).body;
  const counts = (await anonymous.with({ token: access_token }).expect(200, countOrders)).body;
  return String(counts.find(({ status }) => status === 'confirmed')?.orders ?? 0);
}

/** Gives the account of this role a second factor; answers one of its recovery codes. */
export async function enrolSecondFactor({ souk, credentials }: TradingShop, role: 'staff' | 'customer'): Promise<string> {
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  const account = credentials(role);
  const client = anonymous.with({ token: (await anonymous.expect(200, login, { body: account })).body.access_token });
  const { secret } = (await client.expect(201, enrolRoute, { body: { current_password: account.password } })).body;
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  return required((await client.expect(200, confirmSecondFactor, { body: { code } })).body.recovery_codes[0], 'a recovery code');
}

/** Opens the page and signs in. */
export async function signInAt(page: Page, url: string, { login: name, password }: { login: string; password: string }): Promise<void> {
  await page.goto(`${url}/status`);
  await page.getByLabel('User name or e-mail').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Waits until the page says it. */
export async function says(page: Page, words: string | RegExp, where = 'main'): Promise<void> {
  await page.locator(where).getByText(words).first().waitFor();
}

/** Waits until the first cell of a row of a table says it: the page renews its figures by turns, so another part may be newer. */
export async function firstCellSays(page: Page, table: string, row: string, words: string): Promise<void> {
  await page
    .getByRole('region', { name: `Table: ${table}` })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: row, exact: true }) })
    .filter({ has: page.locator('td:first-of-type').getByText(words, { exact: true }) })
    .waitFor();
}

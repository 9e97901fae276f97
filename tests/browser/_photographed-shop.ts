/** A shop for pictures: the sample catalogue, orders in every state, parcels, a return, and people who are signed in. */
import { createTestClient } from '@souk/client/testing';
import {
  approveReturn,
  getOrder,
  listProducts,
  login,
  markParcelDelivered,
  type Order,
  type Product,
  placeOrder,
  requestReturn,
  sendParcel,
} from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import { openTradingShop, type TradingShop } from './_shop.ts';

export interface PhotographedShop extends TradingShop {
  url: string;
  /** Orders of the customer by what they are an example of. */
  orders: Readonly<Record<'confirmed' | 'sent' | 'asking' | 'declined', string>>;
  products: readonly Product[];
  /** An order that waits, because nothing ends it now. */
  placeWaiting(): Promise<string>;
  signIn(page: Page, as: 'customer' | 'staff'): Promise<void>;
  close(): Promise<void>;
}

/** Pieces of a product, for all orders of it. */
const enough = 20;
const shipping_address = {
  full_name: 'Carla Customer',
  street: '1 Market Square',
  city: 'Lisbon',
  postal_code: '1100-148',
  country: 'PT',
};

export async function openPhotographedShop(): Promise<PhotographedShop> {
  const env = { AUDIT_INTERVAL_MS: '5000', STATUS_INTERVAL_MS: '1000', RECHECK_INTERVAL_MS: '200' };
  const shop = await openTradingShop({ sample: true, env });
  const url = shop.souk.gateway_url;
  const anonymous = createTestClient({ base_url: url });
  const clientOf = async (role: 'customer' | 'staff') =>
    anonymous.with({ token: (await anonymous.expect(200, login, { body: shop.credentials(role) })).body.access_token });
  const [customer, staff] = [await clientOf('customer'), await clientOf('staff')];
  const found = (await anonymous.expect(200, listProducts, { query: { in_stock: true, limit: 100 } })).body;
  const products = found.filter(({ stock_quantity }) => stock_quantity >= enough);
  const place = async (payment_method: string, from: number, wait_s = 10): Promise<Order> => {
    const items = products.slice(from, from + 3).map(({ id }, index) => ({ product_id: id, quantity: index + 1 }));
    return (await customer.expect(201, placeOrder, { body: { items, shipping_address, payment_method }, wait_s })).body;
  };
  const [confirmed, sent, declined] = [await place('tok_visa', 3), await place('tok_visa', 12), await place('tok_declined', 20)];
  const asking = await place('tok_requires_action', 25, 0);
  await until(async () =>
    (await customer.expect(200, getOrder, { params: { order_id: asking.id } })).body.action === undefined
      ? 'the bank does not ask yet'
      : undefined,
  );
  const [one, two, three] = sent.items;
  const params = { order_id: sent.id };
  const parcel = (items: { product_id: string; quantity: number }[], tracking_number: string) =>
    staff.expect(201, sendParcel, {
      params,
      body: { items, carrier: 'Posta', tracking_number, tracking_url: `https://posta.example/${tracking_number}` },
    });
  const first = await parcel(
    [one, two].map((item) => ({ product_id: required(item, 'a line').product_id, quantity: required(item, 'a line').quantity })),
    'PT-4711-01',
  );
  await staff.expect(200, markParcelDelivered, { params: { ...params, parcel_id: first.body.id } });
  await parcel([{ product_id: required(three, 'a line').product_id, quantity: 2 }], 'PT-4711-02');
  const back = await customer.expect(201, requestReturn, {
    params,
    body: { items: [{ product_id: required(two, 'a line').product_id, quantity: 1, reason: 'Too small' }] },
  });
  await staff.expect(200, approveReturn, { params: { return_id: back.body.id }, body: {} });
  return {
    ...shop,
    url,
    products,
    orders: { confirmed: confirmed.id, sent: sent.id, declined: declined.id, asking: asking.id },
    placeWaiting: async () => (await place('tok_visa', 30, 0)).id,
    async signIn(page, as) {
      const { login: name, password } = shop.credentials(as);
      await page.goto(`${url}${as === 'staff' ? '/console' : '/sign-in'}`);
      await page.getByLabel('User name or e-mail').fill(name);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.locator(as === 'staff' ? '#screens' : 'nav.sections').waitFor({ state: 'attached' });
    },
    close: () => shop.souk.stop(),
  };
}

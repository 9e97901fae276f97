/** What the stories share: people who shop, staff, products with stock, and a look at the books. */
import assert from 'node:assert/strict';
import { audit, createRecordReader, reportLines } from '@souk/auditor';
import { type Client, createTestClient } from '@souk/client/testing';
import { createProduct, getOrder, getStock, login, type Order, type Product, placeOrder, registerUser } from '@souk/contracts';
import { required, systemClock, systemIds } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions, until } from '@souk/platform/testing';

export type { WorldName } from '@souk/platform/testing';

export const shipping_address = {
  full_name: 'Carla Customer',
  street: '1 Market Square',
  city: 'Lisbon',
  postal_code: '1100-148',
  country: 'PT',
};

export interface Shopper {
  user_id: string;
  email: string;
  password: string;
  api: Client;
}

export interface Shop {
  souk: TestPlatform;
  anonymous: Client;
  staff: Client;
  admin: Client;
  aShopper(): Promise<Shopper>;
  /** A product with this stock, known to every service. */
  aProduct(stock: number, overrides?: { price?: number; currency?: string; name?: string }): Promise<Product>;
  /** Runs the auditor over the running services and fails with what it finds. */
  booksBalance(): Promise<void>;
}

export async function openShop(options: TestPlatformOptions = {}): Promise<Shop> {
  const souk = await startTestPlatform(options);
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  const signIn = async (username: string, password: string): Promise<Client> =>
    anonymous.with({ token: (await anonymous.expect(200, login, { body: { login: username, password } })).body.access_token });
  const account = (role: string) =>
    required(
      souk.accounts.find((candidate) => candidate.role === role),
      role,
    );
  const staff = await signIn(account('staff').username, account('staff').password);
  const admin = await signIn(account('admin').username, account('admin').password);
  return {
    souk,
    anonymous,
    staff,
    admin,
    async aShopper() {
      const name = `s${systemIds.uuid().replaceAll('-', '').slice(8, 30)}`;
      const person = { username: name, email: `${name}@mail.example`, full_name: 'Carla Customer', password: 'correct horse battery' };
      const { body } = await anonymous.expect(201, registerUser, { body: person });
      return { user_id: body.id, email: person.email, password: person.password, api: await signIn(name, person.password) };
    },
    async aProduct(stock, overrides = {}) {
      const { body } = await staff.expect(201, createProduct, {
        body: { name: 'Copper kettle', price: 129.95, currency: 'EUR', stock_quantity: stock, ...overrides },
      });
      await until(async () =>
        (await anonymous.call(getStock, { params: { product_id: body.id } })).status === 200 ? undefined : 'no stock record',
      );
      return body;
    },
    async booksBalance() {
      await souk.settle();
      const records = createRecordReader({ urlOf: souk.urlOf, tokenOf: platformKeys(souk.internal_token).internalToken });
      const report = await audit({ records, clock: systemClock, grace_ms: 0 });
      assert.deepEqual(report.violations, [], reportLines(report).join('\n'));
    },
  };
}

/** What Prometheus shows a gateway. */
export function scraper({ souk }: Shop): Record<string, string> {
  return { authorization: `Bearer ${platformKeys(souk.internal_token).scrapeToken()}` };
}

export interface OrderRequest {
  payment_method?: string;
  quantity?: number;
  codes?: string[];
  wait_s?: number;
  idempotency_key?: string;
  headers?: Readonly<Record<string, string>>;
}

/** Places an order for one product and answers it as it is after the wait. */
export async function buy(shopper: Shopper, product: Product, orderRequest: OrderRequest = {}): Promise<Order> {
  const { body } = await shopper.api.expect(201, placeOrder, {
    body: {
      items: [{ product_id: product.id, quantity: orderRequest.quantity ?? 1 }],
      shipping_address,
      payment_method: orderRequest.payment_method ?? 'tok_visa',
      ...(orderRequest.codes !== undefined && { codes: orderRequest.codes }),
    },
    wait_s: orderRequest.wait_s ?? 20,
    ...(orderRequest.headers === undefined ? {} : { headers: orderRequest.headers }),
    ...(orderRequest.idempotency_key === undefined ? {} : { idempotency_key: orderRequest.idempotency_key }),
  });
  return body;
}

/** Waits until the order has one of the statuses. */
export async function becomes(api: Client, order_id: string, ...statuses: Order['status'][]): Promise<Order> {
  let order: Order | undefined;
  await until(async () => {
    order = (await api.expect(200, getOrder, { params: { order_id } })).body;
    return statuses.includes(order.status) ? undefined : `order is ${order.status}`;
  }, 30_000);
  return required(order, 'the order');
}

export async function available(shop: Shop, product: Product): Promise<number> {
  return (await shop.anonymous.expect(200, getStock, { params: { product_id: product.id } })).body.available;
}

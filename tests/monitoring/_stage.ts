/** The shop in which the scenarios run: people, products, and what Prometheus has scraped. */
import { type Client, createTestClient } from '@souk/client/testing';
import { createProduct, getStock, login, type Order, type Product, placeOrder, registerUser } from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions, until } from '@souk/platform/testing';

export const shipping_address = {
  full_name: 'Carla Customer',
  street: '1 Market Square',
  city: 'Lisbon',
  postal_code: '1100-148',
  country: 'PT',
};

export interface Stage {
  souk: TestPlatform;
  anonymous: Client;
  staff: Client;
  /** What the platform has written into its log. */
  lines(): readonly string[];
  /** Signed in anew: a person who was erased or has asked too much does not stand in the way of the others. */
  aShopper(): Promise<Client>;
  aProduct(stock: number): Promise<Product>;
  buy(shopper: Client, product: Product, order?: { payment_method?: string; quantity?: number; wait_s?: number }): Promise<Order>;
}

export async function openStage(options: TestPlatformOptions): Promise<Stage> {
  const lines: string[] = [];
  const log = { level: 'info', write: (line: string) => void lines.push(line) } as const;
  const souk = await startTestPlatform({ log, ...options });
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  const signIn = async (username: string, password: string): Promise<Client> =>
    anonymous.with({ token: (await anonymous.expect(200, login, { body: { login: username, password } })).body.access_token });
  const { username, password } = required(
    souk.accounts.find(({ role }) => role === 'staff'),
    'the staff account',
  );
  const staff = await signIn(username, password);
  return {
    souk,
    anonymous,
    staff,
    lines: () => lines,
    async aShopper() {
      const name = `s${systemIds.uuid().replaceAll('-', '').slice(8, 30)}`;
      const person = { username: name, email: `${name}@mail.example`, full_name: 'Carla Customer', password: 'correct horse battery' };
      await anonymous.expect(201, registerUser, { body: person });
      return signIn(name, person.password);
    },
    async aProduct(stock) {
      const { body } = await staff.expect(201, createProduct, {
        body: { name: 'Copper kettle', category: 'kitchen', price: 129.95, currency: 'EUR', stock_quantity: stock },
      });
      await until(async () =>
        (await anonymous.call(getStock, { params: { product_id: body.id } })).status === 200 ? undefined : 'no stock record',
      );
      return body;
    },
    async buy(shopper, product, { payment_method = 'tok_visa', quantity = 1, wait_s = 20 } = {}) {
      const items = [{ product_id: product.id, quantity }];
      const answer = await shopper.expect(201, placeOrder, { body: { items, shipping_address, payment_method }, wait_s: wait_s });
      return answer.body;
    },
  };
}

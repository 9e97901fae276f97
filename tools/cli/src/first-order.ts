/** The three lines with which somebody who has just started the shop places a first order and sees it. */
import type { Account } from '@souk/constellation';
import { required } from '@souk/kernel';

interface ListedProduct {
  id: string;
  name: string;
}

const firstStockEnough = 'in_stock=true&sort=name&limit=1';

/** Lines for a POSIX shell with nothing but curl and sed; undefined when the catalogue has nothing to sell. */
export async function firstOrderLines(gateway_url: string, accounts: readonly Account[]): Promise<string[] | undefined> {
  const response = await fetch(`${gateway_url}/api/products?${firstStockEnough}`);
  const [product] = response.ok ? ((await response.json()) as ListedProduct[]) : [];
  if (!product) return undefined;
  const customer = required(
    accounts.find((account) => account.role === 'customer'),
    'the customer account',
  );
  const login = JSON.stringify({ login: customer.username, password: customer.password });
  const order = JSON.stringify({
    items: [{ product_id: product.id, quantity: 1 }],
    shipping_address: { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
    payment_method: 'tok_visa',
  });
  const json = `-H 'Content-Type: application/json'`;
  return [
    `TOKEN=$(curl -s ${gateway_url}/api/auth/login ${json} -d '${login}' | sed -E 's/.*"access_token":"([^"]+)".*/\\1/')`,
    `ORDER=$(curl -s ${gateway_url}/api/orders -H "Authorization: Bearer $TOKEN" -H 'Prefer: wait=10' ${json} -d '${order}' | sed -E 's/^\\{"id":"([^"]+)".*/\\1/')`,
    `curl -s ${gateway_url}/api/orders/$ORDER -H "Authorization: Bearer $TOKEN"`,
  ];
}

/** The three lines with which a newcomer places a first order and sees it. */

import { createClient } from '@souk/client';
import { required } from '@souk/kernel';
import type { Account } from '@souk/platform';

export interface FirstOrder {
  gateway_url: string;
  accounts: readonly Account[];
  /** Passwords are printed at the first start only: output ends up in logs. */
  first_start: boolean;
  /** Named in the lines: another terminal need not have SOUK_HOME set. */
  home: string;
}

/** Lines for a POSIX shell with little but curl and sed; undefined when the catalogue has nothing to sell. */
export async function firstOrderLines({ gateway_url, accounts, first_start, home }: FirstOrder): Promise<string[] | undefined> {
  const listed = await createClient({ base_url: gateway_url }).call('listProducts', { query: { in_stock: true, sort: 'name', limit: 1 } });
  const product = listed.ok ? listed.body[0] : undefined;
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
    first_start
      ? `TOKEN=$(curl -s ${gateway_url}/api/auth/login ${json} -d '${login}' | sed -E 's/.*"access_token":"([^"]+)".*/\\1/')`
      : `TOKEN=$(SOUK_HOME='${home.replaceAll("'", "'\\''")}' npm run --silent souk -- token)   # of customer, whose password is kept beside that of staff`,
    `ORDER=$(curl -s ${gateway_url}/api/orders -H "Authorization: Bearer $TOKEN" -H 'Prefer: wait=10' ${json} -d '${order}' | sed -E 's/^\\{"id":"([^"]+)".*/\\1/')`,
    `curl -s ${gateway_url}/api/orders/$ORDER -H "Authorization: Bearer $TOKEN"`,
  ];
}

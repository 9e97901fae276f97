/** Customers, products and stock for the load, made through the API like any others. */
import { mapBounded } from '@souk/kernel';
import type { BenchPlatform } from './platform.ts';

export interface Shop {
  /** Access tokens of the customers, which end after some minutes: `renewTokens`. */
  tokens: string[];
  refresh_tokens: string[];
  product_ids: string[];
}

interface TokenPair {
  access_token: string;
  refresh_token: string;
}

const registrationsAtOnce = 16;
const stockOfEach = 1_000_000;
const pageSize = 100;

export async function prepareShop(platform: BenchPlatform, wanted: { users: number; products: number }): Promise<Shop> {
  const product_ids = await importProducts(platform, wanted.products);
  const numbers = Array.from({ length: wanted.users }, (_, index) => index);
  const pairs = await mapBounded(numbers, registrationsAtOnce, (number) => registerCustomer(platform, number));
  return { ...separated(pairs), product_ids };
}

/** The same shop with tokens that have their whole life before them. */
export async function renewTokens(platform: BenchPlatform, shop: Shop): Promise<Shop> {
  const renew = (refresh_token: string): Promise<TokenPair> =>
    post(`${platform.urls['users']}/api/auth/refresh`, { refresh_token }, 200) as Promise<TokenPair>;
  return { ...shop, ...separated(await mapBounded(shop.refresh_tokens, registrationsAtOnce, renew)) };
}

function separated(pairs: readonly TokenPair[]): Pick<Shop, 'tokens' | 'refresh_tokens'> {
  return {
    tokens: pairs.map(({ access_token }) => access_token),
    refresh_tokens: pairs.map(({ refresh_token }) => refresh_token),
  };
}

async function importProducts(platform: BenchPlatform, count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, index) => `bench-${index},Bench product ${index},9.99,EUR,Benchmark,${stockOfEach}`);
  const response = await fetch(`${platform.gateway_url}/api/products/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await platform.login('staff')}`, 'content-type': 'text/csv' },
    body: ['sku,name,price,currency,category,stock_quantity', ...rows].join('\n'),
  });
  if (!response.ok) throw new Error(`The products could not be imported: ${await response.text()}`);
  const ids: string[] = [];
  for (let skip = 0; skip < count; skip += pageSize) {
    const page = await fetch(`${platform.gateway_url}/api/products?category=Benchmark&limit=${pageSize}&skip=${skip}&sort=name`);
    ids.push(...((await page.json()) as { id: string }[]).map((product) => product.id));
  }
  return ids;
}

async function registerCustomer(platform: BenchPlatform, number: number): Promise<TokenPair> {
  const account = {
    username: `bench-${number}`,
    email: `bench-${number}@souk.example`,
    full_name: `Bench ${number}`,
    password: `a phrase for measuring ${number}`,
  };
  await post(`${platform.urls['users']}/api/users`, account, 201);
  return post(
    `${platform.urls['users']}/api/auth/login`,
    { login: account.username, password: account.password },
    200,
  ) as Promise<TokenPair>;
}

async function post(url: string, body: object, expected: number): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  if (response.status !== expected) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

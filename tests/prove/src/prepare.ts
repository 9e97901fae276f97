/** What a run needs before it begins: products with their stock, customers, a member of staff, a code of which there are few uses. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mapBounded, pause } from '@souk/kernel';
import { type Answer, createPerson, type Person, sendOnce } from './client.ts';
import type { ProveOptions } from './options.ts';
import { productCount, scarce } from './plan.ts';
import type { Shop } from './shop.ts';

export interface Opened {
  staff: Person;
  buyers: readonly Person[];
  /** Ids by their place in the plan. */
  products: readonly string[];
  /** Pieces of each product, by id. */
  stock: ReadonlyMap<string, number>;
  /** What a piece costs, in minor units, by id. */
  prices: ReadonlyMap<string, number>;
  /** The code that buyers compete for. */
  code: HotCode | undefined;
}

/** A code that takes a part off the whole order, so many times. */
export interface HotCode {
  code: string;
  uses: number;
  /** In a million. */
  part: number;
}

const plenty = 100_000;
const minor = 100;
const hotCode = 'AN-EIGHTH-OFF';
/** So that halves are rounded, and parts of an order are shared. */
const percentOff = 12.5;
const atOnce = 8;
const knownLimitMs = 60_000;
const pollMs = 50;
/** A minute is what requests are counted by. */
const [limitedMs, limitedPollMs] = [75_000, 3_000];

export async function openShop(
  shop: Shop,
  { buyers, stock, codes }: Pick<ProveOptions, 'buyers' | 'stock' | 'codes'>,
  say: (line: string) => void,
): Promise<Opened> {
  say(`making ${productCount} products and ${buyers} customers`);
  const staff = await staffOf(shop);
  const pieces = new Map<string, number>();
  const prices = new Map<string, number>();
  for (let number = 0; number < productCount; number += 1) {
    const stock_quantity = number === scarce ? stock : plenty;
    const price = 10 + number;
    const body = { name: `Thing ${number}`, price, currency: 'EUR', stock_quantity };
    const made = await staff.send('POST', '/api/products', { body });
    if (made.status !== 201) throw new Error(`a product could not be made: ${JSON.stringify(made)}`);
    const { id } = made.body as { id: string };
    pieces.set(id, stock_quantity);
    prices.set(id, price * minor);
  }
  const products = [...pieces.keys()];
  for (const id of products) await untilKnown(shop, id);
  const run = crypto.randomUUID().slice(0, 8);
  const people = await mapBounded(
    Array.from({ length: buyers }, (_, index) => index),
    atOnce,
    (index) => newCustomer(shop, index, run),
  );
  return { staff, buyers: people, products, stock: pieces, prices, code: codes === 0 ? undefined : await makeCode(staff, codes) };
}

/** The uses of the code are limited, those of its promotion are not. */
async function makeCode(staff: Person, uses: number): Promise<HotCode> {
  const body = { label: 'An eighth off', kind: 'percent', target: 'order', value: percentOff, active: true };
  const promotion = await staff.send('POST', '/api/promotions', { body });
  const { id } = (promotion.body ?? {}) as { id?: string };
  const made = await staff.send('POST', `/api/promotions/${id}/codes`, { body: { code: hotCode, uses_max: uses } });
  if (made.status !== 201) throw new Error(`a code could not be made: ${JSON.stringify([promotion, made])}`);
  return { code: hotCode, uses, part: percentOff * 10_000 };
}

async function staffOf(shop: Shop): Promise<Person> {
  const accounts = JSON.parse(await readFile(join(shop.home, 'secrets', 'accounts.json'), 'utf8')) as {
    role: string;
    username: string;
    password: string;
  }[];
  const staff = accounts.find(({ role }) => role === 'staff') ?? accounts.find(({ role }) => role === 'admin');
  if (staff === undefined) throw new Error('the shop has no account for staff');
  return createPerson(shop, 'staff', '', { login: staff.username, password: staff.password });
}

/** Their names are new in a shop that was proved before, too. */
async function newCustomer(shop: Shop, index: number, run: string): Promise<Person> {
  const username = `buyer_${run}_${index}`;
  const password = `${crypto.randomUUID()}-Aa1`;
  const body = { username, email: `${username}@example.com`, full_name: `Buyer ${index}`, password };
  const made = await sendOnce(shop.accounts, index, { method: 'POST', path: '/api/users', body });
  if (made.status !== 201) throw new Error(`a customer could not be made: ${JSON.stringify(made)}`);
  const customer = createPerson(shop, `buyer ${index}`, (made.body as { id: string }).id, { login: username, password });
  // Signed in before anything goes wrong: a crowd that signs in at once is held up by the limit of password hashes.
  await customer.send('GET', '/api/users/me');
  return customer;
}

async function untilKnown({ gateways }: Shop, product_id: string): Promise<void> {
  for (const end = performance.now() + knownLimitMs; ; await pause(pollMs)) {
    const { status } = await sendOnce(gateways, 0, { method: 'GET', path: `/api/inventory/${product_id}` });
    if (status === 200) return;
    if (performance.now() > end) throw new Error(`inventory does not know product ${product_id}`);
  }
}

/** Staff may have used up what they may write in a minute, in a shop that limits it. */
async function inTime(ask: () => Promise<Answer>): Promise<Answer> {
  for (const end = performance.now() + limitedMs; ; await pause(limitedPollMs)) {
    const answer = await ask();
    if (answer.status !== 429 || performance.now() > end) return answer;
  }
}

/** Takes the products out and erases the customers of a shop that goes on; answers what could not be. */
export async function leaveShop({ staff, buyers, products }: Opened): Promise<string[]> {
  const left: string[] = [];
  const gone = (status: number | undefined): boolean => status === 401 || status === 404 || (status !== undefined && status < 300);
  for (const id of products) {
    const { status } = await inTime(() => staff.send('DELETE', `/api/products/${id}`));
    if (!gone(status)) left.push(`product ${id} (${status ?? 'no answer'})`);
  }
  const erase = async ({ name, user_id, password, send }: Person): Promise<void> => {
    const { status } = await inTime(() => send('DELETE', `/api/users/${user_id}`, { body: { current_password: password } }));
    if (!gone(status)) left.push(name);
  };
  await mapBounded([...buyers], atOnce, erase);
  return left;
}

/** The graph over the running shop: what is gathered for one answer, what it costs the services, and who gets what. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Client } from '@souk/client/testing';
import { dataServices, type GraphqlAnswer, getOrder, type Order, type Product, runGraphql, shipOrder } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { readExposition } from './_exposition.ts';
import { buy, openShop, type Shop, type Shopper, scraper } from './_support.ts';

type Json = Record<string, unknown>;
interface Gathered {
  orders: {
    nodes: { id: string; user: Json | null; payments: Json[] | null; messages: Json[] | null; items: { product: Json | null }[] }[];
  };
}

const everything = `query Page($limit: Int!) {
  orders(limit: $limit) {
    nodes {
      id order_number status total_amount
      user { id username }
      payments { status captured_amount }
      messages { event_type }
      items { quantity product { id name stock { available } } }
    }
    page_info { has_next_page end_cursor }
  }
}`;

describe('the graph', () => {
  let shop: Shop;
  let shoppers: Shopper[];
  let products: Product[];
  let orders: Order[];
  before(async () => {
    shop = await openShop();
    shoppers = [await shop.aShopper(), await shop.aShopper(), await shop.aShopper()];
    products = await Promise.all(Array.from({ length: 6 }, (_, index) => shop.aProduct(100, { name: `Kettle ${index}` })));
    orders = await Promise.all(
      Array.from({ length: 21 }, (_, index) => buy(shoppers[index % 3] as Shopper, products[index % 6] as Product)),
    );
    await shop.souk.settle();
  });
  after(() => shop?.souk.stop());

  const ask = (client: Client, query: string, variables: Json = {}): Promise<GraphqlAnswer> =>
    client.must(runGraphql, { body: { query, variables } });
  const codesOf = ({ errors = [] }: GraphqlAnswer): (readonly [string, string])[] =>
    errors.map(({ path = [], extensions }) => [path.join('.'), extensions.code] as const);
  /** How many requests the services have answered, as they count them. */
  const answered = async (): Promise<number> => {
    const counts = dataServices.map(async (name) => {
      const { series } = readExposition(await (await fetch(`${shop.souk.urlOf(name)}/metrics`, { headers: scraper(shop) })).text());
      const requests = series.filter(({ name: of, labels }) => of === 'souk_http_requests_total' && labels['route']?.startsWith('/api/'));
      return requests.reduce((sum, { value }) => sum + value, 0);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
  const counted = async (work: () => Promise<GraphqlAnswer>): Promise<GraphqlAnswer & { requests: number }> => {
    const before_it = await answered();
    const answer = await work();
    return { ...answer, requests: (await answered()) - before_it };
  };

  test('gathers a page of 20 orders with customers and products by at most 4 requests', async () => {
    const query = 'query($limit: Int!) { orders(limit: $limit) { nodes { id user { username } items { product { name } } } } }';
    const { data, errors, extensions, requests } = await counted(() => ask(shop.staff, query, { limit: 20 }));
    assert.equal(errors, undefined);
    const { nodes } = (data as Gathered).orders;
    assert.equal(nodes.length, 20);
    assert.equal(new Set(nodes.map(({ user }) => user?.['username'])).size, 3);
    assert.ok(nodes.every(({ items }) => items.every(({ product }) => String(product?.['name']).startsWith('Kettle'))));
    assert.ok(requests <= 4, `${requests} requests`);
    assert.deepEqual(extensions, { cost: { requested: 248, max: 1_000, requests: 25 } });
    process.stdout.write(`graph: 20 orders with customers and products took ${requests} requests\n`);
  });

  test('adds one request for each further kind, however long the page is', async () => {
    const { data, errors, requests } = await counted(() => ask(shop.staff, everything, { limit: 20 }));
    assert.equal(errors, undefined);
    const { nodes, page_info } = (data as Gathered & { orders: { page_info: { has_next_page: boolean; end_cursor: string } } }).orders;
    assert.ok(nodes.every(({ payments }) => payments?.[0]?.['status'] === 'captured'));
    assert.ok(nodes.every(({ messages }) => messages?.some(({ event_type }) => event_type === 'order.confirmed')));
    assert.ok(nodes.every(({ items }) => typeof (items[0]?.product?.['stock'] as Json | undefined)?.['available'] === 'number'));
    assert.equal(requests, 6);
    assert.equal(page_info.has_next_page, true);
    const rest = 'query($cursor: String) { orders(cursor: $cursor) { nodes { id } page_info { has_next_page end_cursor } } }';
    const last = (await ask(shop.staff, rest, { cursor: page_info.end_cursor })).data as { orders: Json };
    assert.deepEqual(last.orders['page_info'], { has_next_page: false, end_cursor: null });
    assert.equal((last.orders['nodes'] as Json[]).length, 1);
    process.stdout.write(`graph: with payments, messages and stock it took ${requests}\n`);
  });

  test('asks once for what many aliases name', async () => {
    const aliases = orders.slice(0, 18).map(({ id }, index) => `o${index}: order(id: "${id}") { order_number }`);
    const { data, errors, requests } = await counted(() => ask(shop.staff, `{ ${aliases.join(' ')} me { id } }`));
    assert.equal(errors, undefined);
    assert.deepEqual(
      Object.values(data as Json).slice(0, 18),
      orders.slice(0, 18).map(({ order_number }) => ({ order_number })),
    );
    assert.equal(requests, 2);
  });

  test('shows a customer the own things and no others, staff all', async () => {
    const [ada, bob] = shoppers as [Shopper, Shopper];
    const own = await ask(ada.api, everything, { limit: 20 });
    assert.equal(own.errors, undefined);
    const { nodes } = (own.data as Gathered).orders;
    assert.deepEqual(new Set(nodes.map(({ user }) => user?.['id'])), new Set([ada.user_id]));
    assert.equal(nodes.length, 7);
    const foreign = orders[1] as Order;
    const query =
      'query($order: ID!, $user: ID!) { order(id: $order) { id payments { id } } orders(user_id: $user) { nodes { id } } me { id } }';
    const variables = { order: foreign.id, user: bob.user_id };
    const refused = await ask(ada.api, query, variables);
    assert.deepEqual(refused.data, { order: null, orders: null, me: { id: ada.user_id } });
    assert.deepEqual(
      new Map(codesOf(refused)),
      new Map([
        ['order', 'not_found'],
        ['orders', 'forbidden'],
      ]),
    );
    const seen = await ask(shop.staff, query, variables);
    assert.equal(seen.errors, undefined);
    assert.equal((seen.data as { order: Order }).order.id, foreign.id);
    assert.deepEqual(codesOf(await ask(ada.api, `{ messages(user_id: "${bob.user_id}") { id } }`)), [['messages', 'forbidden']]);
  });

  test('answers strangers what is public, and says of the rest that it needs a token', async () => {
    const [first, second] = products as [Product, Product];
    const query = `query($ids: [ID!]!) {
      products(ids: $ids) { nodes { id stock { available } } } stock(product_ids: $ids) { product_id }
      product(id: "${first.id}") { name } me { id } orders { nodes { id } } messages { id } order(id: "${orders[0]?.id}") { id }
    }`;
    const { requests, ...answer } = await counted(() => ask(shop.anonymous, query, { ids: [second.id, first.id] }));
    const data = answer.data as Json & { products: { nodes: { id: string }[] } };
    assert.deepEqual(
      data.products.nodes.map(({ id }) => id),
      [second.id, first.id],
    );
    assert.deepEqual(
      [data['product'], data['me'], data['orders'], data['messages'], data['order']],
      [{ name: 'Kettle 0' }, null, null, null, null],
    );
    assert.deepEqual(
      codesOf(answer).sort(),
      ['me', 'messages', 'order', 'orders'].map((path) => [path, 'token_missing']),
    );
    assert.equal(requests, 3);
    assert.equal(
      (await shop.anonymous.with({ token: 'a.forged.token' }).refused(401, runGraphql, { body: { query } })).code,
      'token_invalid',
    );
  });

  test('is read only, and what is written elsewhere shows at once', async () => {
    const order_id = orders[0]?.id ?? '';
    await shop.staff.must(shipOrder, { params: { order_id }, body: { carrier: 'Post', tracking_number: '1' } });
    const { version } = await shop.staff.must(getOrder, { params: { order_id } });
    const { data } = await ask(shop.staff, `{ order(id: "${order_id}") { status version carrier } }`);
    assert.deepEqual(data, { order: { status: 'shipped', version, carrier: 'Post' } });
    assert.deepEqual(codesOf(await ask(shop.staff, 'mutation { shipOrder }')), [['', 'graphql_invalid']]);
  });

  test('leaves out what a service that is away would say, names it, and answers the rest', async () => {
    await shop.souk.stopService('payments');
    await shop.souk.stopService('inventory');
    const partial = await ask(shop.staff, everything, { limit: 2 });
    const { nodes } = (partial.data as Gathered).orders;
    assert.ok(nodes.every(({ payments, user, messages }) => payments === null && user !== null && messages !== null));
    assert.ok(nodes.every(({ items }) => items[0]?.product?.['stock'] === null && items[0]?.product?.['name'] !== undefined));
    assert.deepEqual(new Set(codesOf(partial).map(([, code]) => code)), new Set(['service_unavailable']));
    assert.deepEqual(
      codesOf(partial)
        .map(([path]) => path)
        .sort(),
      [0, 1].flatMap((index) => [`orders.nodes.${index}.items.0.product.stock`, `orders.nodes.${index}.payments`]).sort(),
    );
    await shop.souk.startService('inventory');
    await shop.souk.startService('payments');
    await until(async () => {
      const whole = await ask(shop.staff, everything, { limit: 2 });
      return whole.errors === undefined ? undefined : JSON.stringify(whole.errors);
    });
  });
});

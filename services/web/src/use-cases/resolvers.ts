/** Where each part of an answer comes from. What is not listed here is a member of the object around it. */
import {
  type Availability,
  getMe,
  getNotificationHistory,
  listCategories,
  listOrders,
  listProducts,
  type Notification,
  type Order,
  type Payment,
  type Product,
  type QueryOf,
  refusal,
  type User,
} from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import type { OrderEvents, OrderLine } from '../clients/order-events.ts';
import type { Read, ServiceReader } from '../clients/service-reader.ts';
import type { Loaders } from './loaders.ts';

/** Services take addresses of 8,000 characters, of which the path takes some. */
const argumentsLengthMax = 7_500;

/** What resolvers share while one request is answered. */
export interface QueryParts {
  isSignedIn: boolean;
  read: ServiceReader;
  loaders: Loaders;
  /** Where a subscription begins. */
  follow: (order_id: string) => Promise<OrderEvents>;
}

interface Page<Node> {
  nodes: readonly Node[];
  page_info: { has_next_page: boolean; end_cursor: string | null };
}

/** Arguments as the schema has checked them. */
type Given = Readonly<Record<string, unknown>>;

const queries = {
  product: async (_root: unknown, { id }: { id: string }, { loaders }: QueryParts): Promise<Product> =>
    found(await loaders.product.load(id), 'There is no such product.'),

  async products(_root: unknown, { sort, ...given }: Given, { read, loaders }: QueryParts): Promise<Page<Product>> {
    // A name of the graph has no dash.
    const query = queryOf<QueryOf<typeof listProducts>>({ ...given, sort: sort === 'price_descending' ? '-price' : sort });
    const page = pageOf(await read(listProducts, { query }));
    for (const product of page.nodes) loaders.product.prime(product.id, product);
    return page;
  },

  categories: async (_root: unknown, _given: Given, { read }: QueryParts) => (await read(listCategories)).body,

  async stock(_root: unknown, { product_ids }: { product_ids: readonly string[] }, { loaders }: QueryParts): Promise<Availability[]> {
    const levels = await Promise.all([...new Set(product_ids)].map((id) => loaders.stock.load(id)));
    return levels.filter((level) => level !== null);
  },

  async me(_root: unknown, _given: Given, parts: QueryParts): Promise<User> {
    const { body } = await signedIn(parts).read(getMe);
    parts.loaders.user.prime(body.id, body);
    return body;
  },

  order: async (_root: unknown, { id }: { id: string }, parts: QueryParts): Promise<Order> =>
    found(await signedIn(parts).loaders.order.load(id), 'There is no such order.'),

  orders: async (_root: unknown, given: Given, parts: QueryParts): Promise<Page<Order>> =>
    pageOf(await signedIn(parts).read(listOrders, { query: queryOf<QueryOf<typeof listOrders>>(given) })),

  async messages(_root: unknown, given: Given, parts: QueryParts): Promise<Notification[]> {
    const query = queryOf<QueryOf<typeof getNotificationHistory>>(given);
    return (await signedIn(parts).read(getNotificationHistory, { query })).body.notifications;
  },
};

const subscriptions = {
  async orderChanged(_root: unknown, { order_id }: { order_id: string }, parts: QueryParts): Promise<OrderEvents> {
    if (!isUuid(order_id)) throw refusal('validation_failed', 'An id must be a UUID.');
    return signedIn(parts).follow(order_id);
  },
};

const ofTransition = {
  order: ({ order_id }: OrderLine, _given: Given, { loaders }: QueryParts): Promise<Order | null> => loaders.order.load(order_id),
};

const ofProduct = {
  stock: ({ id }: Product, _given: Given, { loaders }: QueryParts): Promise<Availability | null> => loaders.stock.load(id),
};

const ofOrder = {
  user: ({ user_id }: Order, _given: Given, { loaders }: QueryParts): Promise<User | null> => loaders.user.load(user_id),
  payments: ({ id }: Order, _given: Given, { loaders }: QueryParts): Promise<Payment[]> => loaders.payments.load(id),
  messages: ({ id }: Order, _given: Given, { loaders }: QueryParts): Promise<Notification[]> => loaders.messages.load(id),
};

const ofItem = {
  product: ({ product_id }: Order['items'][number], _given: Given, { loaders }: QueryParts): Promise<Product | null> =>
    loaders.product.load(product_id),
};

/** By type and field. */
export const resolvers: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['Query', queries],
  ['Subscription', subscriptions],
  ['OrderTransition', ofTransition],
  ['Product', ofProduct],
  ['Order', ofOrder],
  ['OrderItem', ofItem],
];

/** Refuses with `token_missing` before anything is asked. */
function signedIn(parts: QueryParts): QueryParts {
  if (!parts.isSignedIn) throw refusal('token_missing');
  return parts;
}

function found<Thing>(thing: Thing | null, sentence: string): Thing {
  if (thing === null) throw refusal('not_found', sentence);
  return thing;
}

/**
 * Arguments as members of a query: a null is one that is not given, ids are one member. By ids a list is whole, however long. Throws
 * `validation_failed` for what is no id: a text with several would be one in the cost of the document, and many to the service. And for
 * what is too long: the service would speak of an address or of headers, of which the client of a document has sent none.
 */
function queryOf<Query>({ ids, limit, ...given }: Given): Query {
  if (Array.isArray(ids) && !ids.every(isUuid)) throw refusal('validation_failed', 'An id must be a UUID.');
  const all = { ...given, ...(Array.isArray(ids) ? { ids: ids.join(',') } : { limit }) };
  const members = Object.entries(all).filter(([, value]) => value !== null && value !== undefined);
  const written = new URLSearchParams(members.map(([name, value]) => [name, String(value)])).toString();
  if (written.length > argumentsLengthMax)
    throw refusal(
      'validation_failed',
      `The arguments of a field may have at most ${argumentsLengthMax} characters, encoded as in an address.`,
    );
  return Object.fromEntries(members) as Query;
}

function pageOf<Node>({ body, next_cursor }: Read<readonly Node[]>): Page<Node> {
  return { nodes: body, page_info: { has_next_page: next_cursor !== null, end_cursor: next_cursor } };
}

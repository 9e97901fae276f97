/** Many orders like one that was really placed: its rows in all databases, copied by SQL with other ids. */
import type { Database } from '@souk/postgres';
import { openAsOwner } from './open-as-owner.ts';
import type { BenchPlatform } from './platform.ts';

const batchRows = 50_000;

/** Ids that differ in their last digits; the first ones say what they are of. */
const id = (kind: string): string => `('0190${kind}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
const orderId = id('a000');
const paymentId = id('b000');

interface Copied {
  database: 'orders' | 'inventory' | 'payments' | 'notifications';
  table: string;
  /** Rows of the order that is copied. */
  where: string;
  /** Members of the copy, as pairs for `jsonb_build_object`. */
  members: string;
}

const product = '$4::uuid[]';
const productOf = `(${product})[1 + n % array_length(${product}, 1)]`;

const copies: readonly Copied[] = [
  {
    database: 'orders',
    table: 'orders',
    where: 'id = $1',
    members: `'id', ${orderId}, 'order_number', 'S-' || (100000000 + n), 'idempotency_key', 'bench-' || n,
      'items', jsonb_set(t.items, '{0,product_id}', to_jsonb(${productOf}))`,
  },
  {
    database: 'orders',
    table: 'order_history',
    where: 'order_id = $1',
    members: `'order_id', ${orderId}, 'sequence', 1000000 + n * 10 + t.sequence`,
  },
  { database: 'orders', table: 'idempotency_keys', where: 'resource_id = $1', members: `'resource_id', ${orderId}, 'key', 'bench-' || n` },
  {
    database: 'inventory',
    table: 'reservations',
    where: 'order_id = $1',
    members: `'order_id', ${orderId}, 'items', jsonb_set(t.items, '{0,product_id}', to_jsonb(${productOf}))`,
  },
  {
    database: 'inventory',
    table: 'movements',
    where: 'order_id = $1',
    members: `'id', ${id('d000')}, 'order_id', ${orderId}, 'product_id', ${productOf}`,
  },
  { database: 'payments', table: 'payments', where: 'order_id = $1', members: `'id', ${paymentId}, 'order_id', ${orderId}` },
  {
    database: 'payments',
    table: 'transfers',
    where: 'payment_id = (select id from payments where order_id = $1)',
    members: `'payment_id', ${paymentId}`,
  },
  {
    database: 'payments',
    table: 'sandbox.charges',
    where: 'reference = $1',
    members: `'idempotency_key', ${paymentId}, 'reference', ${orderId}`,
  },
  {
    database: 'notifications',
    table: 'notifications',
    where: 'order_id = $1',
    members: `'id', ${id('e000')}, 'event_id', ${id('f000')}, 'order_id', ${orderId}`,
  },
];

/** Copies the order so often, each copy over one piece of one of the products; stock and what `products` shows of it follow. */
export async function copyOrder(
  platform: BenchPlatform,
  { order_id, product_ids, from, to }: { order_id: string; product_ids: readonly string[]; from: number; to: number },
): Promise<void> {
  const databases = new Map<string, Database>();
  for (const name of ['orders', 'inventory', 'payments', 'notifications', 'products'])
    databases.set(name, await openAsOwner(platform, name));
  const query = async (name: string, text: string, values: unknown[]): Promise<void> =>
    void (await databases.get(name)?.query(text, values));
  try {
    for (const { database, table, where, members } of copies) {
      const uses_products = members.includes(product);
      // Called in FROM: behind `select (…).*` it would be called once for each column.
      const text = `insert into ${table} select copy.* from ${table} t, generate_series($2::int, $3::int) n,
        jsonb_populate_record(t, jsonb_build_object(${members})) copy where t.${where}`;
      for (let first = from; first <= to; first += batchRows) {
        const last = Math.min(to, first + batchRows - 1);
        await query(database, text, [order_id, first, last, ...(uses_products ? [product_ids] : [])]);
      }
      await query(database, `vacuum (analyze) ${table}`, []);
    }
    const reserved = `select product_id, count(*)::int pieces from movements where order_id >= '0190a000-0000-7000-8000-000000000000'
      and order_id < '0190a001-0000-7000-8000-000000000000' group by product_id`;
    await query(
      'inventory',
      `update stock s set reserved = m.pieces, stock_version = 1000000 + m.pieces, published_version = 1000000 + m.pieces,
         published_available = s.on_hand - m.pieces from (${reserved}) m where m.product_id = s.product_id`,
      [],
    );
    const shown = await databases
      .get('inventory')
      ?.query<{ product_id: string; available: number; stock_version: number }>(
        'select product_id, on_hand - reserved available, stock_version from stock',
      );
    await query(
      'products',
      `update product_stock p set stock_quantity = s.available, stock_version = s.stock_version
       from json_to_recordset($1::json) s (product_id uuid, available int8, stock_version int8) where p.product_id = s.product_id`,
      [JSON.stringify(shown)],
    );
  } finally {
    for (const db of databases.values()) await db.close();
  }
}

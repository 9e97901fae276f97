/** What is read of many orders does not depend on how many of them PostgreSQL expects. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { exportOrders } from '@souk/contracts';
import type { Queryable } from '@souk/postgres';
import { orderRecords } from '../src/store/audit-records.ts';
import { countByStatus } from '../src/store/status-counts.ts';
import { anOrder, openShop, type Shop } from './_support.ts';

const copies = 1_200;
const tables = { orders: 'id', order_history: 'order_id', idempotency_keys: 'resource_id', parcels: 'order_id' } as const;

/** By names of PostgreSQL, such as `Actual Rows`. */
type PlanNode = Readonly<Record<string, unknown>>;

describe('a table of many orders', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop({});
    const { id } = await anOrder(shop);
    const { db } = shop.ctx;
    const copied = (table: string, members: string, where: string): Promise<unknown> =>
      db.query(
        `insert into ${table} select copy.* from ${table} t, generate_series(1, $2::int) n,
           jsonb_populate_record(t, jsonb_build_object(${members})) copy where t.${where} = $1`,
        [id, copies],
      );
    const copyId = "('0190a000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
    await copied('orders', `'id', ${copyId}, 'order_number', 'S-' || (900000 + n), 'idempotency_key', 'copy-' || n`, 'id');
    await copied('order_history', `'order_id', ${copyId}, 'sequence', 1000000 + n * 10 + t.sequence`, 'order_id');
    await copied('idempotency_keys', `'resource_id', ${copyId}, 'key', 'copy-' || n`, 'resource_id');
    await db.query(
      `insert into parcels (id, order_id, number, items, carrier, tracking_number, sent_at)
       select gen_random_uuid(), id, 1, '[]', 'Post', '1', created_at from orders`,
    );
    // One value stands for all: as in a table of millions, a page then lies between two that PostgreSQL knows.
    for (const [table, column] of Object.entries(tables)) {
      await db.query(`alter table ${table} alter ${column} set statistics 1`);
      await db.query(`analyze ${table}`);
    }
  });
  after(() => shop.stop());

  /** How many rows each step of the plan has read. */
  const rowsRead = async (ask: (db: Queryable) => Promise<unknown>): Promise<number[]> => {
    const { db } = shop.ctx;
    let plan: PlanNode | undefined;
    const explained = {
      query: async (text: string, values: unknown[]) => {
        const [row] = await db.query<Record<string, PlanNode[]>>(`explain (analyze, format json) ${text}`, values);
        plan = row?.['QUERY PLAN']?.[0]?.['Plan'] as PlanNode | undefined;
        return [];
      },
    };
    await ask(explained as unknown as Queryable);
    const nodes = (node: PlanNode): PlanNode[] => [node, ...((node['Plans'] as PlanNode[] | undefined) ?? []).flatMap(nodes)];
    return nodes(plan ?? assert.fail('there is no plan')).map((node) => {
      const rows = ['Actual Rows', 'Rows Removed by Join Filter', 'Rows Removed by Filter'].map((member) => Number(node[member] ?? 0));
      return rows.reduce((sum, count) => sum + count, 0) * Number(node['Actual Loops']);
    });
  };

  test('a page for the auditor compares each row with those that belong to it, and with no others', async () => {
    const [after_id, end_id] = ['0190a000-0000-7000-8000-000000000064', '0190a000-0000-7000-8000-00000000044c'];
    const rows = await rowsRead((db) => orderRecords(db, after_id, end_id, exportOrders.path));
    assert.ok(rows.includes(1_000));
    assert.ok(Math.max(...rows) <= 10_000, rows.join(', '));
  });

  test('an order of which a single trace is left is in its page, once', async () => {
    const { db } = shop.ctx;
    const [parcel, redemption] = ['0190a001-0000-7000-8000-000000000001', '0190a001-0000-7000-8000-000000000002'];
    await db.query(
      `insert into parcels (id, order_id, number, items, carrier, tracking_number, sent_at)
       values (gen_random_uuid(), $1, 1, '[]', 'Post', '1', now()), (gen_random_uuid(), $1, 2, '[]', 'Post', '2', now())`,
      [parcel],
    );
    await db.query('insert into redemptions (order_id, promotion_id, amount, counted) values ($1, $2, 5, true), ($1, $1, 5, true)', [
      redemption,
      parcel,
    ]);
    const rows = await orderRecords(db, '0190a001-0000-7000-8000-000000000000', '0190a001-0000-7000-8000-00000000000f', exportOrders.path);
    assert.deepEqual(
      rows.map(({ key, status, parcels, redemptions }) => [key, status, parcels !== null, redemptions !== null]),
      [
        [parcel, null, true, false],
        [redemption, null, false, true],
      ],
    );
  });

  test('orders are counted by status without reading those of another, be they many', async () => {
    const rare = ['awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'];
    const few = await rowsRead((db) => countByStatus(db, rare, 100));
    assert.ok(Math.max(...few) <= rare.length, few.join(', '));
    const many = await rowsRead((db) => countByStatus(db, ['pending', ...rare], 100));
    assert.ok(Math.max(...many) >= 100 && Math.max(...many) <= 102, many.join(', '));
  });
});

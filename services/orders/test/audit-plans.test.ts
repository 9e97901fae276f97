/** What a page of the auditor costs does not depend on how many orders PostgreSQL expects in it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { exportOrders } from '@souk/contracts';
import type { Queryable } from '@souk/postgres';
import { orderRecords } from '../src/store/audit-records.ts';
import { anOrder, openShop, type Shop } from './_support.ts';

const copies = 1_200;
const tables = { orders: 'id', order_history: 'order_id', idempotency_keys: 'resource_id', parcels: 'order_id' } as const;

/** By names of PostgreSQL, such as `Actual Rows`. */
type PlanNode = Readonly<Record<string, unknown>>;

describe('a page of orders for the auditor', () => {
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

  test('compares each row with those that belong to it, and with no others', async () => {
    const { db } = shop.ctx;
    let plan: PlanNode | undefined;
    const explained = {
      query: async (text: string, values: unknown[]) => {
        const [row] = await db.query<Record<string, PlanNode[]>>(`explain (analyze, format json) ${text}`, values);
        plan = row?.['QUERY PLAN']?.[0]?.['Plan'] as PlanNode | undefined;
        return [];
      },
    } as unknown as Queryable;
    await orderRecords(explained, '0190a000-0000-7000-8000-000000000064', '0190a000-0000-7000-8000-00000000044c', exportOrders.path);
    const nodes = (node: PlanNode): PlanNode[] => [node, ...((node['Plans'] as PlanNode[] | undefined) ?? []).flatMap(nodes)];
    const all = nodes(plan ?? assert.fail('there is no plan'));
    assert.ok(all.some((node) => node['Actual Rows'] === 1_000));
    const touched = all.map((node) => {
      const rows =
        Number(node['Actual Rows']) + Number(node['Rows Removed by Join Filter'] ?? 0) + Number(node['Rows Removed by Filter'] ?? 0);
      return rows * Number(node['Actual Loops']);
    });
    assert.ok(Math.max(...touched) <= 10_000, JSON.stringify(plan));
  });
});

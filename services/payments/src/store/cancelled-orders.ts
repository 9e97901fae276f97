import type { Tx } from '@souk/postgres';

/** Remembers orders that were cancelled before their payment was asked for. */
export async function rememberCancelled(tx: Tx, orders: readonly { order_id: string; reason: string }[], now_ms: number): Promise<void> {
  if (orders.length === 0) return;
  await tx.query(
    `insert into cancelled_orders (order_id, reason, cancelled_at)
     select o.*, to_timestamp($3::float8 / 1000) from unnest($1::uuid[], $2::text[]) o on conflict (order_id) do nothing`,
    [orders.map((order) => order.order_id), orders.map((order) => order.reason), now_ms],
  );
}

/** SQL of the table milestones. */
import type { Tx } from '@souk/postgres';

/** True for the one transaction that reaches this milestone first. */
export async function reachMilestone(tx: Tx, name: string, now: string): Promise<boolean> {
  const rows = await tx.query('insert into milestones (name, reached_at) values ($1, $2) on conflict do nothing returning 1', [name, now]);
  return rows.length === 1;
}

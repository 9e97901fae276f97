/**
 * The inbox: ids of handled events, one row for each queue and event, written in the transaction of the effect. A
 * repeat finds its row and is dropped. Kept in day partitions, so that forgetting is dropping a table.
 */
import type { AnyEvent } from '@souk/contracts';
import type { Clock } from '@souk/kernel';
import type { Database, Tx } from '@souk/postgres';

export const inboxDaysKept = 7;
const dayMs = 86_400_000;

/** Writes the ids of these events and answers those that were not there before. */
export async function rememberNew(tx: Tx, queue: string, events: readonly AnyEvent[]): Promise<Set<string>> {
  const rows = await tx.query<{ event_id: string }>(
    `insert into inbox (queue, event_id, event_day)
     select $1, e.event_id, e.event_day from unnest($2::uuid[], $3::date[]) e (event_id, event_day)
     on conflict do nothing returning event_id`,
    [queue, events.map((event) => event.event_id), events.map((event) => event.timestamp.slice(0, 10))],
  );
  return new Set(rows.map((row) => row.event_id));
}

/** Makes the partitions of yesterday to the day after tomorrow, and drops those older than the days kept. */
export async function maintainInbox(db: Database, clock: Clock): Promise<void> {
  const today = Math.floor(clock.now() / dayMs);
  await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(7_710_002)');
    const present = await tx.query<{ name: string }>(
      `select c.relname name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'inbox'::regclass`,
    );
    const names = new Set(present.map((row) => row.name));
    for (const day of [today - 1, today, today + 1, today + 2]) if (!names.has(partitionName(day))) await createPartition(tx, day);
    for (const name of names)
      if (/^inbox_\d{8}$/.test(name) && name < partitionName(today - inboxDaysKept)) await tx.query(`drop table ${name}`);
    await tx.query('delete from inbox_other_days where event_day < $1::date', [isoDay(today - inboxDaysKept)]);
  });
}

/** Rows that came for that day before its partition was there are moved into it. */
async function createPartition(tx: Tx, day: number): Promise<void> {
  const name = partitionName(day);
  await tx.query(`create table ${name} (like inbox including all)`);
  await tx.query(
    `with moved as (delete from inbox_other_days where event_day = '${isoDay(day)}' returning *) insert into ${name} select * from moved`,
  );
  await tx.query(`alter table inbox attach partition ${name} for values from ('${isoDay(day)}') to ('${isoDay(day + 1)}')`);
}

function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function partitionName(day: number): string {
  return `inbox_${isoDay(day).replaceAll('-', '')}`;
}

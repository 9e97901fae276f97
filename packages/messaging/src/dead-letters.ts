/**
 * Dead letters: what is not retried any more waits in `<queue>.dead`; the owning service moves it into its table
 * `dead_letters`, where it is listed, shown, replayed (to that queue only, same event, attempts at zero) or discarded.
 */

import { queues, refusal } from '@souk/contracts';
import { beginningOf } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import type { Broker, Consumption, Delivery, Settlement } from './broker.ts';
import { holdErasures, idsIn } from './erase-dead-letters.ts';

export interface DeadLetterRow {
  id: string;
  queue: string;
  event_id: string | null;
  event_type: string | null;
  reason: string;
  detail: string;
  attempts: number;
  correlation_id: string | null;
  traceparent: string | null;
  code_version: string;
  body: string;
  died_at: string;
}

export interface DeadLetterChoice {
  id?: string;
  queue?: string;
  reason?: string;
}

export interface DeadLetterCount {
  queue: string;
  count: number;
  oldest_at: string;
  /** Some of the error codes. */
  reasons: string[];
}

export interface DeadLetters {
  /** Newest first; `before` is the id to go on below. */
  list(choice: DeadLetterChoice & { limit: number; before?: string }): Promise<DeadLetterRow[]>;
  count(): Promise<number>;
  /** By queue, over the latest dead letters only: at most 10,000 are counted. */
  byQueue(): Promise<DeadLetterCount[]>;
  /** Refuses with `dead_letter_unknown`. */
  get(id: string): Promise<DeadLetterRow>;
  /** Puts them back into their queues and answers how many; the rows go once the broker has them. Erased dead letters stay. */
  replay(choice: DeadLetterChoice): Promise<number>;
  discard(choice: DeadLetterChoice): Promise<number>;
  /** Deletes at most `batch_max` that died before a time (epoch milliseconds) and answers how many. */
  forget(before_ms: number, batch_max: number): Promise<number>;
}

const drainBatchMax = 100;
const replayBatchMax = 200;
const countedMax = 10_000;
const bodyKeptMax = 1_048_576;

export function createDeadLetters(db: Database, broker: Broker): DeadLetters {
  const deadLetters: DeadLetters = {
    list: (choice) => select(db, choice, true),
    async count() {
      const rows = await db.query<{ count: number }>('select count(*)::int count from dead_letters');
      return rows[0]?.count ?? 0;
    },
    byQueue: () =>
      db.query<DeadLetterCount>(
        `select queue, count(*)::int count, min(died_at) oldest_at, (array_agg(distinct reason order by reason))[1:3] reasons
         from (select queue, died_at, reason from dead_letters order by id desc limit $1) l group by queue order by queue`,
        [countedMax],
      ),
    async get(id) {
      const [row] = await deadLetters.list({ id, limit: 1 });
      if (!row) throw refusal('dead_letter_unknown', `There is no dead letter ${id}.`, { id });
      return row;
    },
    async replay(choice) {
      let replayed = 0;
      // What fails again comes back as a new dead letter, which is not for this replay: it would never end.
      let before = await deadLettersAfter(db);
      for (;;) {
        const rows = await select(db, { ...choice, limit: replayBatchMax, before }, false);
        if (rows.length === 0) return replayed;
        before = rows.at(-1)?.id as string;
        for (const row of rows) await broker.publishTo(row.queue, [asOutgoing(row)]);
        await db.query('delete from dead_letters where id = any($1::bigint[])', [rows.map((row) => row.id)]);
        replayed += rows.length;
      }
    },
    async discard(choice) {
      const rows = await db.query<{ id: string }>(
        `delete from dead_letters where ($1::bigint is null or id = $1) and ($2::text is null or queue = $2) and ($3::text is null or reason = $3)
         returning id::text`,
        [choice.id ?? null, choice.queue ?? null, choice.reason ?? null],
      );
      return rows.length;
    },
    async forget(before_ms, batch_max) {
      const rows = await db.query(
        `delete from dead_letters where id in (
           select id from dead_letters where died_at < to_timestamp($1::float8 / 1000) order by died_at limit $2 for update skip locked
         ) returning id`,
        [before_ms, batch_max],
      );
      return rows.length;
    },
  };
  return deadLetters;
}

/** Newest first, with or without those whose content was erased. */
function select(db: Database, choice: DeadLetterChoice & { limit: number; before?: string }, erasedToo: boolean): Promise<DeadLetterRow[]> {
  return db.query<DeadLetterRow>(
    `select id::text, queue, event_id, event_type, reason, detail, attempts, correlation_id, traceparent, code_version, body, died_at
     from dead_letters
     where ($1::bigint is null or id = $1) and ($2::text is null or queue = $2) and ($3::text is null or reason = $3)
       and ($4::bigint is null or id < $4) and ($6::boolean or erased_at is null)
     order by dead_letters.id desc limit $5`,
    [choice.id ?? null, choice.queue ?? null, choice.reason ?? null, choice.before ?? null, choice.limit, erasedToo],
  );
}

/** An id above all that are there. */
async function deadLettersAfter(db: Database): Promise<string> {
  const [row] = await db.query<{ next: string }>('select (coalesce(max(id), 0) + 1)::text next from dead_letters');
  return row?.next ?? '1';
}

function asOutgoing(row: DeadLetterRow) {
  return {
    message_id: row.event_id ?? `dead-${row.id}`,
    routing_key: row.event_type ?? 'unknown',
    body: row.body,
    correlation_id: row.correlation_id ?? '',
    headers: row.traceparent === null ? {} : { traceparent: row.traceparent },
    mandatory: true,
  };
}

/** Moves what arrives in the dead queues of a service into its table. */
export function drainDeadQueues(service: string, db: Database, broker: Broker, code_version: string): Consumption[] {
  return Object.keys(queues)
    .filter((queue) => queue.startsWith(`${service}.`))
    .map((queue) =>
      broker.consume({
        queue: `${queue}.dead`,
        batch_max: drainBatchMax,
        async handle(batch): Promise<Settlement[]> {
          await keep(db, queue, batch, code_version);
          return batch.map(() => ({ kind: 'done' }));
        },
      }),
    );
}

async function keep(db: Database, queue: string, batch: readonly Delivery[], code_version: string): Promise<void> {
  const rows = batch.map((delivery) => {
    const body = typeof delivery.body === 'string' ? delivery.body : Buffer.from(delivery.body).toString('utf8');
    return {
      queue,
      event_id: delivery.message_id,
      event_type: delivery.headers['event_type'] ?? delivery.routing_key,
      reason: delivery.headers['x-souk-reason'] ?? 'unknown',
      detail: delivery.headers['x-souk-detail'] ?? '',
      attempts: delivery.attempts,
      correlation_id: correlationOf(body),
      traceparent: delivery.headers['traceparent'] ?? null,
      code_version,
      body: beginningOf(body, bodyKeptMax).replaceAll('\u0000', '\ufffd'),
      named: idsIn(body),
    };
  });
  await db.transaction(async (tx) => {
    await holdErasures(tx);
    await tx.query(
      `insert into dead_letters (queue, event_id, event_type, reason, detail, attempts, correlation_id, traceparent, code_version, body, erased_at)
       select queue, event_id, event_type, reason, case when erased then '' else detail end, attempts, correlation_id, traceparent,
              code_version, case when erased then '' else body end, case when erased then clock_timestamp() end
       from json_to_recordset($1::json) r (queue text, event_id text, event_type text, reason text, detail text, attempts int,
              correlation_id text, traceparent text, code_version text, body text, named uuid[]),
            lateral (select exists (select from erased_people where user_id = any(r.named)) erased) e`,
      [JSON.stringify(rows)],
    );
  });
}

function correlationOf(body: string): string | null {
  const found = /"correlation_id":"([0-9a-f-]{36})"/.exec(body);
  return found?.[1] ?? null;
}

/** What the runtime of consumers makes of one batch, on PostgreSQL: which events have their effect, and how each message is settled. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { type AnyEvent, type EventOf, orderCompleted, refusal } from '@souk/contracts';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { messagingMigrations } from '@souk/messaging';
import { anEnvelope, asDelivery } from '@souk/messaging/testing';
import { type Database, openDatabase, type Tx } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import type { Settlement } from '../src/broker.ts';
import type { ConsumerDefinition } from '../src/consumer.ts';
import { createBatchHandler, retryDelaysMs } from '../src/consumer-runtime.ts';

const database = await freshDatabase({ folders: [messagingMigrations] });
const db = openDatabase({ url: database.url, application_name: 'test', pool_max: 4, log: silentLog });
await db.query('create table effects (order_id uuid not null)');
after(async () => {
  await db.close();
  await database.drop();
});
beforeEach(async () => {
  await db.query('delete from effects');
});

type Completed = EventOf<typeof orderCompleted>;
const completed = (): Completed =>
  anEnvelope('order.completed', { order_id: systemIds.uuid(), order_version: 5, user_id: systemIds.uuid() }) as unknown as Completed;
const passing = refusal('order_unseen', 'It is tried again.');
const permanent = refusal('payment_mismatch', 'It is never right.');

interface Wanted {
  deduplicate?: 'inbox' | 'business_key';
  attempts_max?: number;
  /** Throws for these, which takes the batch along. */
  breaks?: (event: Completed) => Error | undefined;
  /** Answers these as failures, which leaves the others done. */
  fails?: (event: Completed) => Error | undefined;
  on?: Database;
}

/** A consumer that writes a row for each event it is given. */
function consumer({ deduplicate = 'inbox', attempts_max, breaks, fails, on = db }: Wanted = {}) {
  const batches: number[] = [];
  const definition = {
    queue: 'notifications.notify-customer',
    events: [orderCompleted],
    deduplicate,
    ...(attempts_max !== undefined && { attempts_max }),
    async handle(_context: unknown, tx: Tx, events: readonly Completed[]) {
      batches.push(events.length);
      const failures = events.flatMap((event) => {
        const error = fails?.(event);
        return error === undefined ? [] : [{ event_id: event.event_id, error }];
      });
      const failed = new Set(failures.map(({ event_id }) => event_id));
      const done = events.filter(({ event_id }) => !failed.has(event_id));
      await tx.query('insert into effects select unnest($1::uuid[])', [done.map(({ order_id }) => order_id)]);
      for (const event of events) {
        const error = breaks?.(event);
        if (error !== undefined) throw error;
      }
      return failures;
    },
  };
  const runtime = {
    service: 'notifications',
    db: on,
    broker: undefined as never,
    clock: systemClock,
    log: silentLog,
    metrics: silentMetrics,
  };
  const handle = createBatchHandler(definition as unknown as ConsumerDefinition<unknown, AnyEvent>, {}, runtime);
  return {
    batches,
    handle,
    give: (events: readonly Completed[]) => handle(events.map((event) => asDelivery(event as unknown as AnyEvent))),
  };
}

const effects = async (): Promise<string[]> =>
  (await db.query<{ order_id: string }>('select order_id from effects order by order_id')).map(({ order_id }) => order_id);
const ordersOf = (...events: readonly Completed[]): string[] => events.map(({ order_id }) => order_id).sort();
const kinds = (settlements: readonly Settlement[]): string[] => settlements.map(({ kind }) => kind);

test('a repeat is settled and not handed on, in the same batch and in a later one', async () => {
  const { give, batches } = consumer();
  const [one, other] = [completed(), completed()];
  assert.deepEqual(kinds(await give([one, other, one])), ['done', 'done', 'done']);
  assert.deepEqual(kinds(await give([other, one])), ['done', 'done']);
  assert.deepEqual(await effects(), ordersOf(one, other));
  assert.deepEqual(batches, [2]);
});

test('a consumer with a business key is given each event of a batch once, and repeats of earlier batches again', async () => {
  const { give, batches } = consumer({ deduplicate: 'business_key' });
  const event = completed();
  await give([event, event]);
  await give([event]);
  assert.deepEqual(batches, [1, 1]);
});

test('an event that failed is not remembered: when it comes again it is handled', async () => {
  let fails = true;
  const { give } = consumer({ fails: () => (fails ? passing : undefined) });
  const event = completed();
  assert.deepEqual(kinds(await give([event])), ['retry']);
  fails = false;
  assert.deepEqual(await give([event]), [{ kind: 'done' }]);
  assert.deepEqual(await effects(), ordersOf(event));
});

test('an event that breaks its batch takes no neighbour along', async () => {
  const [before, poison, behind] = [completed(), completed(), completed()];
  const { give } = consumer({ breaks: (event) => (event.event_id === poison.event_id ? permanent : undefined) });
  assert.deepEqual(kinds(await give([before, poison, behind])), ['done', 'dead', 'done']);
  assert.deepEqual(await effects(), ordersOf(before, behind));
});

test('what passes is tried again with growing delays, as often as is allowed, and is dead then', async () => {
  const { handle } = consumer({ fails: () => passing });
  const event = completed();
  const settled = async (attempts: number): Promise<Settlement | undefined> =>
    (await handle([asDelivery(event as unknown as AnyEvent, { attempts })]))[0];
  for (let attempts = 0; attempts < 7; attempts += 1)
    assert.deepEqual(await settled(attempts), { kind: 'retry', delay_ms: retryDelaysMs[Math.min(attempts, retryDelaysMs.length - 1)] });
  const dead = { kind: 'dead', reason: 'order_unseen', detail: 'It is tried again.' };
  assert.deepEqual(await settled(7), dead);
  const impatient = consumer({ fails: () => passing, attempts_max: 2 });
  assert.deepEqual(kinds(await impatient.handle([asDelivery(event as unknown as AnyEvent, { attempts: 0 })])), ['retry']);
  assert.deepEqual(await impatient.handle([asDelivery(event as unknown as AnyEvent, { attempts: 1 })]), [dead]);
});

test('what never passes is dead at once, with its reason', async () => {
  const { give } = consumer({ fails: () => permanent });
  assert.deepEqual(await give([completed()]), [{ kind: 'dead', reason: 'payment_mismatch', detail: 'It is never right.' }]);
});

test('a database that is away settles nothing, so that no attempt is used up', async () => {
  const refused = () => Promise.reject(refusal('database_unavailable'));
  const away = consumer({ on: { ...db, query: refused, transaction: refused } });
  await assert.rejects(away.give([completed(), completed()]), { code: 'database_unavailable' });
});

test('what is no event of this queue never reaches the handler', async () => {
  const { handle, batches } = consumer();
  const good = asDelivery(completed() as unknown as AnyEvent);
  const settlements = await handle([
    { ...good, body: '{"half' },
    { ...good, body: Buffer.from([0xff, 0xfe, 0x00]) },
    { ...good, content_type: 'text/plain' },
    { ...good, body: '[]' },
    asDelivery(anEnvelope('order.completed', { nothing: 'known' })),
    asDelivery(anEnvelope('no.such_event', {})),
    { ...good, body: JSON.stringify({ ...JSON.parse(String(good.body)), filling: 'x'.repeat(1_048_576) }) },
  ]);
  assert.deepEqual(
    settlements.map((one) => (one.kind === 'dead' ? one.reason : one.kind)),
    [...Array.from({ length: 5 }, () => 'event_invalid'), 'event_unknown', 'event_invalid'],
  );
  assert.deepEqual(batches, []);
  assert.deepEqual(await handle([good]), [{ kind: 'done' }]);
});

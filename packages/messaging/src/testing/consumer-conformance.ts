/**
 * What every consumer must survive, whatever it does: repeats (also when the inbox was lost), poison among good
 * messages, passing and permanent failures, a crash between commit and acknowledgement, and its events in reverse.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AnyEvent, refusal } from '@souk/contracts';
import { silentLog, silentMetrics, systemClock } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import type { Settlement } from '../broker.ts';
import type { AnyConsumer, ConsumerDefinition } from '../consumer.ts';
import { createBatchHandler } from '../consumer-runtime.ts';
import { anEnvelope, asDelivery } from './an-event.ts';
import { consumerOnBrokers } from './consumer-on-broker.ts';

export interface ConsumerFixture<Context> {
  db: Database;
  context: Context;
  close(): Promise<void>;
}

export interface ConsumerCase<Context> {
  service: string;
  consumer: AnyConsumer<Context>;
  /** A migrated, empty service. */
  open(): Promise<ConsumerFixture<Context>>;
  /** Puts in place what the events need and answers one or more valid events, in their natural order. */
  prepare(fixture: ConsumerFixture<Context>): Promise<AnyEvent[]>;
  /** What the consumer has done, without times and random ids. */
  effects(fixture: ConsumerFixture<Context>): Promise<unknown>;
  /** False where the events mean something else in another order. */
  any_order?: boolean;
}

type Handle = (events: readonly AnyEvent[]) => Promise<Settlement[]>;

/** Registers the suite of tests for one consumer: repeats, lost inboxes, other orders and other batches change no effect; alone and behind each broker. */
export function consumerConformance<Context>(subject: ConsumerCase<Context>): void {
  const withFixture = (name: string, work: (fixture: ConsumerFixture<Context>, handle: Handle) => Promise<void>): void => {
    test(name, async () => {
      const fixture = await subject.open();
      try {
        await work(fixture, handlerOf(subject, fixture, fixture.db));
      } finally {
        await fixture.close();
      }
    });
  };

  describe(`${subject.consumer.queue} keeps the promises of a consumer`, () => {
    withFixture('a repeat of handled events changes nothing', async (fixture, handle) => {
      const events = await subject.prepare(fixture);
      allDone(await handle(events));
      const effects = await seen(subject, fixture);
      allDone(await handle(events));
      assert.deepEqual(await seen(subject, fixture), effects);
    });

    withFixture('a repeat changes nothing when the inbox was lost', async (fixture, handle) => {
      const events = await subject.prepare(fixture);
      allDone(await handle(events));
      const effects = await seen(subject, fixture);
      await fixture.db.query('delete from inbox');
      allDone(await handle([...events, ...events]));
      assert.deepEqual(await seen(subject, fixture), effects);
    });

    withFixture('an event twice in one batch has one effect', async (fixture, handle) => {
      const events = await subject.prepare(fixture);
      allDone(await handle([...events, ...events]));
      const effects = await seen(subject, fixture);
      allDone(await handle(events));
      assert.deepEqual(await seen(subject, fixture), effects);
    });

    withFixture('poison is dead at once and takes no neighbour along', async (fixture) => {
      const events = await subject.prepare(fixture);
      const raw = rawHandlerOf(subject, fixture, fixture.db);
      const first = events[0] as AnyEvent;
      const batch = [
        { ...asDelivery(first), message_id: 'x', body: '{"half' },
        ...events.map((event) => asDelivery(event)),
        asDelivery(anEnvelope(first.event_type, { nothing: 'known' })),
        asDelivery(anEnvelope('no.such_event', {})),
        { ...asDelivery(first), message_id: 'y', body: Buffer.from([0xff, 0xfe, 0x00]) },
        { ...asDelivery(first), message_id: 'z', content_type: 'text/plain' },
      ];
      const kinds = (await raw(batch)).map((settlement) => settlement.kind);
      assert.deepEqual(kinds, ['dead', ...events.map(() => 'done'), 'dead', 'dead', 'dead', 'dead']);
    });

    withFixture('a passing failure is tried again and then succeeds', async (fixture, handle) => {
      const events = await subject.prepare(fixture);
      const before = await seen(subject, fixture);
      const away = handlerOf(subject, fixture, { ...fixture.db, transaction: () => Promise.reject(refusal('database_unavailable')) });
      assert.ok((await away(events)).every((settlement) => settlement.kind === 'retry'));
      assert.deepEqual(await seen(subject, fixture), before);
      allDone(await handle(events));
      assert.notDeepEqual(await seen(subject, fixture), before);
    });

    withFixture('a permanent failure is dead-lettered without a retry and without an effect', async (fixture) => {
      const events = await subject.prepare(fixture);
      const before = await seen(subject, fixture);
      const failing = handlerOf({ ...subject, consumer: failingAtTheEnd(subject.consumer) }, fixture, fixture.db);
      for (const settlement of await failing(events)) assert.equal(settlement.kind, 'dead');
      assert.deepEqual(await seen(subject, fixture), before);
    });

    if (subject.any_order !== false) {
      withFixture('events in reverse order end in the same', async (fixture, handle) => {
        const events = await subject.prepare(fixture);
        await handleUntilDone(handle, [...events].reverse());
        const reversed = await seen(subject, fixture);
        allDone(await handle(events));
        assert.deepEqual(await seen(subject, fixture), reversed);
      });
    }
  });
  consumerOnBrokers<ConsumerFixture<Context>>({
    service: subject.service,
    queue: subject.consumer.queue,
    open: () => subject.open(),
    prepare: (fixture) => subject.prepare(fixture),
    seen: (fixture) => seen(subject, fixture),
    handlerOf: (fixture) => rawHandlerOf(subject, fixture, fixture.db),
  });
}

function rawHandlerOf<Context>(subject: ConsumerCase<Context>, fixture: ConsumerFixture<Context>, db: Database) {
  const runtime = { service: subject.service, db, broker: undefined as never, clock: systemClock, log: silentLog, metrics: silentMetrics };
  return createBatchHandler(subject.consumer as unknown as ConsumerDefinition<unknown, AnyEvent>, fixture.context, runtime);
}

function handlerOf<Context>(subject: ConsumerCase<Context>, fixture: ConsumerFixture<Context>, db: Database): Handle {
  const raw = rawHandlerOf(subject, fixture, db);
  return (events) => raw(events.map((event) => asDelivery(event)));
}

function allDone(settlements: readonly Settlement[]): void {
  for (const settlement of settlements) assert.deepEqual(settlement, { kind: 'done' });
}

/** Retries what is passing, as the broker would, without its delays. */
async function handleUntilDone(handle: Handle, events: readonly AnyEvent[]): Promise<void> {
  let left = [...events];
  for (let round = 0; left.length > 0 && round < events.length + 1; round++) {
    const settlements: Settlement[] = [];
    for (const event of left) settlements.push(...(await handle([event])));
    left = left.filter((_, index) => settlements[index]?.kind === 'retry');
  }
  assert.equal(left.length, 0, 'every event ends, whatever the order');
}

/** The effects and the number of events that were published because of them. */
async function seen<Context>(subject: ConsumerCase<Context>, fixture: ConsumerFixture<Context>): Promise<unknown> {
  const published = await fixture.db.query<{ event_type: string; count: number }>(
    'select event_type, count(*)::int count from outbox group by 1 order by 1',
  );
  return { effects: await subject.effects(fixture), published };
}

function failingAtTheEnd<Context>(consumer: AnyConsumer<Context>): AnyConsumer<Context> {
  return {
    ...consumer,
    async handle(context, tx, events) {
      await consumer.handle(context, tx, events);
      throw refusal('payment_mismatch', 'A failure made by the test.');
    },
  };
}

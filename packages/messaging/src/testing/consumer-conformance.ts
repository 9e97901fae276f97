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

export interface ConsumerWorld<Context> {
  db: Database;
  context: Context;
  close(): Promise<void>;
}

export interface ConsumerCase<Context> {
  service: string;
  consumer: AnyConsumer<Context>;
  /** A migrated, empty service. */
  open(): Promise<ConsumerWorld<Context>>;
  /** Puts in place what the events need and answers one or more valid events, in their natural order. */
  prepare(world: ConsumerWorld<Context>): Promise<AnyEvent[]>;
  /** What the consumer has done, without times and random ids. */
  effects(world: ConsumerWorld<Context>): Promise<unknown>;
  /** False where the events mean something else in another order. */
  any_order?: boolean;
}

type Handle = (events: readonly AnyEvent[]) => Promise<Settlement[]>;

/** Registers the suite of tests for one consumer: repeats, lost inboxes, other orders and other batches change no effect; alone and behind each broker. */
export function consumerConformance<Context>(subject: ConsumerCase<Context>): void {
  const inWorld = (name: string, work: (world: ConsumerWorld<Context>, handle: Handle) => Promise<void>): void => {
    test(name, async () => {
      const world = await subject.open();
      try {
        await work(world, handlerOf(subject, world, world.db));
      } finally {
        await world.close();
      }
    });
  };

  describe(`${subject.consumer.queue} keeps the promises of a consumer`, () => {
    inWorld('a repeat of handled events changes nothing', async (world, handle) => {
      const events = await subject.prepare(world);
      allDone(await handle(events));
      const effects = await seen(subject, world);
      allDone(await handle(events));
      assert.deepEqual(await seen(subject, world), effects);
    });

    inWorld('a repeat changes nothing when the inbox was lost', async (world, handle) => {
      const events = await subject.prepare(world);
      allDone(await handle(events));
      const effects = await seen(subject, world);
      await world.db.query('delete from inbox');
      allDone(await handle([...events, ...events]));
      assert.deepEqual(await seen(subject, world), effects);
    });

    inWorld('an event twice in one batch has one effect', async (world, handle) => {
      const events = await subject.prepare(world);
      allDone(await handle([...events, ...events]));
      const effects = await seen(subject, world);
      allDone(await handle(events));
      assert.deepEqual(await seen(subject, world), effects);
    });

    inWorld('poison is dead at once and takes no neighbour along', async (world) => {
      const events = await subject.prepare(world);
      const raw = rawHandlerOf(subject, world, world.db);
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

    inWorld('a passing failure is tried again and then succeeds', async (world, handle) => {
      const events = await subject.prepare(world);
      const before = await seen(subject, world);
      const away = handlerOf(subject, world, { ...world.db, transaction: () => Promise.reject(refusal('database_unavailable')) });
      assert.ok((await away(events)).every((settlement) => settlement.kind === 'retry'));
      assert.deepEqual(await seen(subject, world), before);
      allDone(await handle(events));
      assert.notDeepEqual(await seen(subject, world), before);
    });

    inWorld('a permanent failure is given up without a retry and without an effect', async (world) => {
      const events = await subject.prepare(world);
      const before = await seen(subject, world);
      const failing = handlerOf({ ...subject, consumer: failingAtTheEnd(subject.consumer) }, world, world.db);
      for (const settlement of await failing(events)) assert.equal(settlement.kind, 'dead');
      assert.deepEqual(await seen(subject, world), before);
    });

    if (subject.any_order !== false) {
      inWorld('events in reverse order end in the same', async (world, handle) => {
        const events = await subject.prepare(world);
        await handleUntilDone(handle, [...events].reverse());
        const reversed = await seen(subject, world);
        allDone(await handle(events));
        assert.deepEqual(await seen(subject, world), reversed);
      });
    }
  });
  consumerOnBrokers<ConsumerWorld<Context>>({
    service: subject.service,
    queue: subject.consumer.queue,
    open: () => subject.open(),
    prepare: (world) => subject.prepare(world),
    seen: (world) => seen(subject, world),
    handlerOf: (world) => rawHandlerOf(subject, world, world.db),
  });
}

function rawHandlerOf<Context>(subject: ConsumerCase<Context>, world: ConsumerWorld<Context>, db: Database) {
  const runtime = { service: subject.service, db, broker: undefined as never, clock: systemClock, log: silentLog, metrics: silentMetrics };
  return createBatchHandler(subject.consumer as unknown as ConsumerDefinition<unknown, AnyEvent>, world.context, runtime);
}

function handlerOf<Context>(subject: ConsumerCase<Context>, world: ConsumerWorld<Context>, db: Database): Handle {
  const raw = rawHandlerOf(subject, world, db);
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

/** The effects and the number of facts that were published because of them. */
async function seen<Context>(subject: ConsumerCase<Context>, world: ConsumerWorld<Context>): Promise<unknown> {
  const facts = await world.db.query<{ event_type: string; count: number }>(
    'select event_type, count(*)::int count from outbox group by 1 order by 1',
  );
  return { effects: await subject.effects(world), facts };
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyEvent } from '@souk/contracts';
import { AppError, type Labels, type Log, type Metrics, manualClock, silentLog, timestamp } from '@souk/kernel';
import { reportBatch } from './batch-report.ts';
import { anEnvelope, asDelivery } from './testing/an-event.ts';

const clock = manualClock();
const queue = 'orders.checkout';

function observer() {
  const counts: Record<string, number> = {};
  const observed: Record<string, number[]> = {};
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields: fields as Record<string, unknown>, message });
  const metrics: Metrics = {
    count(name, labels: Labels = {}, by = 1) {
      const key = `${name} ${labels['outcome'] ?? ''}`.trim();
      counts[key] = (counts[key] ?? 0) + by;
    },
    observe(name, _labels, value) {
      observed[name] = [...(observed[name] ?? []), value];
    },
    gauge() {},
  };
  const log: Log = { ...silentLog, info: write('info'), error: write('error'), isLevelEnabled: () => true };
  return { counts, observed, lines, report: { clock, log, metrics } };
}

/** An event stamped by a machine whose clock is `behind_ms` behind ours. */
function stamped(behind_ms: number, traceparent?: string): AnyEvent {
  const event = anEnvelope('inventory.reserved', { order_id: 'o', items: [] });
  const metadata = { ...event.metadata, ...(traceparent === undefined ? {} : { traceparent }) };
  return { ...event, timestamp: timestamp(clock.now() - behind_ms), metadata } as AnyEvent;
}

const handled = (events: readonly AnyEvent[]) => ({
  queue,
  deliveries: events.map((event) => asDelivery(event)),
  read: events,
  settlements: events.map(() => ({ kind: 'done' }) as const),
  seconds: 0.012_345,
});

test('the age of an event is never negative and never absurd, whatever clock stamped it', () => {
  const { observed, report } = observer();
  const events = [stamped(1_500), stamped(-86_400_000), stamped(clock.now()), { ...stamped(0), timestamp: 'no time' } as AnyEvent];
  reportBatch(report, handled(events));
  assert.deepEqual(observed['souk_consumer_event_age_seconds'], [1.5, 0, 86_400, 0]);
});

test('one line describes a batch: what it held, how it ended, how long it took and which stories it was about', () => {
  const { lines, report } = observer();
  const [one, other] = [stamped(0, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`), stamped(0)];
  reportBatch(report, handled([one, other]));
  reportBatch(report, handled([one]));
  const common = { queue, event_types: ['inventory.reserved'], outcome: 'done', ms: 12.35 };
  assert.deepEqual(
    lines.map(({ fields }) => fields),
    [
      { ...common, size: 2, correlation_ids: [one.correlation_id, other.correlation_id], trace_id: 'a'.repeat(32) },
      { ...common, size: 1, correlation_id: one.correlation_id, trace_id: 'a'.repeat(32) },
    ],
  );
});

test('a batch and each failure name the correlation id of the client beside the one derived from it', () => {
  const { lines, report } = observer();
  const from = (correlation: string): AnyEvent => {
    const event = stamped(0);
    return { ...event, metadata: { ...event.metadata, correlation } };
  };
  const events = [from('ticket-4711'), from('ticket-4712'), stamped(0)];
  const settlements = [{ kind: 'retry', delay_ms: 500 }, { kind: 'dead', reason: 'internal', detail: 'x' }, { kind: 'done' }] as const;
  reportBatch(report, { ...handled(events), settlements });
  assert.deepEqual(
    lines.map(({ fields }) => fields['correlation'] ?? fields['correlations']),
    ['ticket-4711', 'ticket-4712', ['ticket-4711', 'ticket-4712']],
  );
  assert.deepEqual(
    lines.map(({ fields }) => fields['correlation_id'] ?? fields['correlation_ids']),
    [events[0]?.correlation_id, events[1]?.correlation_id, events.map((event) => event.correlation_id)],
  );
});

test('what was tried before, is tried later or is dead-lettered is counted, and what is dead-lettered is an error', () => {
  const { counts, lines, report } = observer();
  const events = [stamped(0), stamped(0), stamped(0)];
  const [fresh, again, dead] = events.map((event) => asDelivery(event));
  assert.ok(fresh && again && dead);
  reportBatch(report, {
    queue,
    deliveries: [fresh, { ...again, attempts: 2 }, { ...dead, redelivered: true }],
    read: [events[0] as AnyEvent, events[1] as AnyEvent, new AppError('event_invalid', 'no event')],
    settlements: [{ kind: 'done' }, { kind: 'retry', delay_ms: 500 }, { kind: 'dead', reason: 'event_invalid', detail: 'no event' }],
    seconds: 0.001,
  });
  assert.deepEqual(counts, {
    'souk_consumer_events_total done': 1,
    'souk_consumer_events_total retry': 1,
    'souk_consumer_events_total dead': 1,
    souk_consumer_redeliveries_total: 2,
  });
  assert.deepEqual(
    lines.map(({ level, message }) => `${level} ${message}`),
    ['info message moved to delay queue', 'error message moved to dead-letter queue', 'info batch handled'],
  );
  assert.equal(lines.at(-1)?.fields['outcome'], 'partly');
});

test('a line nobody reads is not put together', () => {
  const { lines, report } = observer();
  reportBatch({ ...report, log: { ...report.log, isLevelEnabled: () => false } }, handled([stamped(0)]));
  assert.deepEqual(lines, []);
});

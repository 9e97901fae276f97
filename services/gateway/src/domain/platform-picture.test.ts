import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InstanceFigures } from '@souk/contracts';
import { findTroubles, type Looked } from './find-troubles.ts';
import { pictureOf, type Reading } from './platform-picture.ts';
import { ratesOf, spanBetween } from './request-rates.ts';
import { inOrder, noMemory, overallStatus, remember } from './trouble-memory.ts';

const start_ms = Date.UTC(2026, 0, 1, 2, 14);

function figuresOf(service: string, instance_id: string, changes: Partial<InstanceFigures> = {}): InstanceFigures {
  return {
    service,
    instance_id,
    code_version: '1',
    started_at: '2026-01-01T00:00:00.000Z',
    now: '2026-01-01T02:14:00.000Z',
    status: 'healthy',
    checks: {},
    requests: { requests: 0, errors: 0, buckets: [] },
    broker: { kind: 'rabbitmq', connected: true },
    redis: null,
    chaos: null,
    outbox: service === 'gateway' ? null : { backlog: 0, oldest_age_s: 0 },
    database: service === 'gateway' ? null : { busy: 0, idle: 1, waiting: 0 },
    queues: [],
    dead_letters: [],
    missing: [],
    ...changes,
  };
}

function reading(service: string, instance_id: string, changes: Partial<InstanceFigures> = {}, about: Partial<Reading> = {}): Reading {
  const figures = figuresOf(service, instance_id, changes);
  return { service, instance_id, address: `http://${instance_id}`, out: undefined, figures, failure: undefined, span: undefined, ...about };
}

const silent: Partial<Reading> = { figures: undefined, failure: 'http://x takes no connection', out: 'status 503' };
const services = ['users', 'products', 'orders', 'notifications', 'inventory', 'payments'];
/** Two gateways and two of each service, all well. */
const well = (): Reading[] => ['gateway', ...services].flatMap((name) => [reading(name, `${name}-1`), reading(name, `${name}-2`)]);
/** With these in the place of those of the same name. */
const wellBut = (...others: Reading[]): Reading[] => [
  ...well().filter((one) => !others.some(({ instance_id }) => instance_id === one.instance_id)),
  ...others,
];
const looked = (readings: readonly Reading[], changes: Partial<Looked> = {}): Looked => ({
  picture: pictureOf(readings),
  now_ms: start_ms,
  looking_since_ms: start_ms,
  audit_interval_s: 600,
  ...changes,
});
// Consumers that are not attached are troubles of their own, and not what most of these are about.
const titles = (readings: readonly Reading[], changes: Partial<Looked> = {}): string[] =>
  findTroubles(looked(readings, changes))
    .filter(({ id }) => !id.startsWith('consumer '))
    .map(({ title }) => title);

describe('the picture of several replicas and gateways', () => {
  it('is healthy when all are, and of every service even when nobody tells of it', () => {
    const picture = pictureOf(well());
    assert.deepEqual([...new Set(picture.services.map(({ status }) => status))], ['healthy']);
    assert.equal(picture.services.find(({ name }) => name === 'gateway')?.instances.length, 2);
    assert.deepEqual(picture.broker, { kind: 'rabbitmq', status: 'healthy', connected: 14, instances: 14 });
    const empty = pictureOf([]);
    assert.deepEqual(empty.services.map(({ name }) => name).sort(), ['gateway', ...services].sort());
    assert.ok(empty.services.every(({ status, instances }) => status === 'unhealthy' && instances.length === 0));
  });

  it('takes what replicas share once, and adds what each has for itself', () => {
    const queue = { queue: 'orders.checkout', ready: 7, oldest_age_s: 3, unsettled: 2, attached: true };
    const letters = [{ queue: 'orders.checkout', count: 4, oldest_at: '2026-01-01T01:00:00.000Z', reasons: ['event_invalid'] }];
    const shared = { queues: [queue], dead_letters: letters, outbox: { backlog: 5, oldest_age_s: 2 } };
    const away = { queues: [{ ...queue, ready: null, oldest_age_s: null, unsettled: 1, attached: false }] };
    const picture = pictureOf(
      wellBut(reading('orders', 'orders-1', shared), reading('orders', 'orders-2', { ...away, dead_letters: letters })),
    );
    const row = picture.queues.find((one) => one.queue === 'orders.checkout');
    assert.deepEqual(row, { queue: 'orders.checkout', service: 'orders', ready: 7, unsettled: 3, oldest_age_s: 3, attached: 1, dead: 4 });
    assert.equal(picture.dead_letters.length, 1);
    assert.equal(picture.services.find(({ name }) => name === 'orders')?.outbox?.backlog, 5);
  });

  it('names what does not answer, and never shows it as zero', () => {
    const picture = pictureOf(
      wellBut(
        reading('orders', 'orders-1', {}, silent),
        reading('orders', 'orders-2', { missing: [{ part: 'dead letters', reason: 'database_unavailable' }] }),
      ),
    );
    assert.deepEqual(picture.missing, [
      { instance_id: 'orders-1', part: 'everything', reason: 'http://x takes no connection' },
      { instance_id: 'orders-2', part: 'dead letters', reason: 'database_unavailable' },
    ]);
    const row = picture.queues.find((one) => one.queue === 'orders.checkout');
    assert.deepEqual([row?.ready, row?.dead], [null, null]);
    assert.equal(picture.services.find(({ name }) => name === 'orders')?.status, 'degraded');
  });

  it('knows the newest audit of all gateways, and the breakers of each', () => {
    const audit = (finished_at: string, violations: number) => ({ finished_at, balanced: violations === 0, violations, warnings: 0 });
    const gateway = (finished_at: string, violations: number, state: 'closed' | 'open') => ({
      gateway: { breakers: [{ upstream: 'orders', state }], audit: audit(finished_at, violations), audit_interval_s: 600 },
    });
    const picture = pictureOf(
      wellBut(
        reading('gateway', 'gateway-1', gateway('2026-01-01T02:00:00.000Z', 0, 'closed')),
        reading('gateway', 'gateway-2', gateway('2026-01-01T02:10:00.000Z', 3, 'open')),
      ),
    );
    assert.deepEqual([picture.audit?.gateway, picture.audit?.violations], ['gateway-2', 3]);
    assert.deepEqual(
      picture.breakers.map(({ gateway: at, state }) => [at, state]),
      [
        ['gateway-1', 'closed'],
        ['gateway-2', 'open'],
      ],
    );
  });
});

describe('what is wrong', () => {
  it('is nothing when all is well', () => assert.deepEqual(titles(well()), []));

  it('tells a whole service and one of its instances apart', () => {
    assert.deepEqual(titles(wellBut(reading('payments', 'payments-1', {}, silent))), ['payments-1 is unhealthy']);
    const both = wellBut(reading('payments', 'payments-1', {}, silent), reading('payments', 'payments-2', {}, silent));
    assert.deepEqual(titles(both), ['payments does not answer']);
    const sick = { status: 'unhealthy', checks: { database: { status: 'unhealthy', detail: 'database_unavailable' } } } as const;
    assert.deepEqual(titles(wellBut(reading('users', 'users-1', sick), reading('users', 'users-2', sick))), ['users is unhealthy']);
  });

  it('is told once when the broker is away, not once for each service', () => {
    const off: Partial<InstanceFigures> = {
      status: 'degraded',
      broker: { kind: 'rabbitmq', connected: false },
      checks: {
        broker: { status: 'degraded', detail: 'not connected' },
        'consumer orders.checkout': { status: 'degraded', detail: 'not attached' },
      },
      outbox: { backlog: 2, oldest_age_s: 90 },
      missing: [{ part: 'queues', reason: 'broker_unavailable' }],
    };
    const all = well().map(({ service, instance_id }) => reading(service, instance_id, off));
    const [only, ...others] = findTroubles(looked(all));
    assert.deepEqual([only?.title, others], ['RabbitMQ does not answer', []]);
    assert.match(only?.detail ?? '', /14 events wait/);
    assert.deepEqual(pictureOf(all).services[0]?.instances[0]?.reasons, ['broker: not connected']);
    const stuck = { status: 'degraded', checks: { broker: { status: 'degraded', detail: 'orders.checkout is stuck' } } } as const;
    assert.deepEqual(titles(wellBut(reading('orders', 'orders-1', stuck))), ['RabbitMQ does not do all it should']);
  });

  it('is since when an outbox, a queue, a letter, an order or a drill says', () => {
    const iso = (ago_s: number) => new Date(start_ms - ago_s * 1_000).toISOString();
    const found = findTroubles(
      looked(
        wellBut(
          reading('orders', 'orders-1', {
            outbox: { backlog: 3, oldest_age_s: 40 },
            queues: [{ queue: 'orders.checkout', ready: 9, oldest_age_s: 70, unsettled: 0, attached: true }],
            dead_letters: [{ queue: 'orders.checkout', count: 1, oldest_at: iso(300), reasons: ['event_invalid'] }],
            checkouts: [
              { status: 'pending', count: 2, counted_max: 1_000, oldest_at: iso(200) },
              { status: 'awaiting_payment', count: 1, counted_max: 1_000, oldest_at: iso(20) },
            ],
            chaos: {
              active: ['latency'],
              latency_ms: 500,
              latency_share: 1,
              error_share: null,
              error_status: null,
              unhealthy: false,
              since: iso(30),
              until: iso(-30),
            },
          }),
        ),
      ),
    ).filter(({ since_ms }) => since_ms !== undefined);
    assert.deepEqual(Object.fromEntries(found.map(({ id, since_ms }) => [id, (start_ms - (since_ms ?? 0)) / 1_000])), {
      'outbox orders': 40,
      'queue orders.checkout': 70,
      'letters orders.checkout': 300,
      'checkout pending': 200,
      'drill orders-1': 30,
    });
    assert.equal(found.find(({ id }) => id === 'letters orders.checkout')?.command, 'npm run souk -- dead list --queue orders.checkout');
  });

  it('is that nobody audits, when the last audit is long ago', () => {
    const gateway = { breakers: [], audit: null, audit_interval_s: 600 };
    const readings = wellBut(reading('gateway', 'gateway-1', { gateway }));
    assert.deepEqual(titles(readings, { looking_since_ms: start_ms - 1_000_000 }), []);
    assert.deepEqual(titles(readings, { looking_since_ms: start_ms - 2_000_000 }), ['The books have not been audited for long']);
    assert.deepEqual(titles(readings, { looking_since_ms: start_ms - 2_000_000, audit_interval_s: 0 }), []);
  });
});

describe('the memory of troubles', () => {
  const down = findTroubles(looked(wellBut(reading('payments', 'payments-1', {}, silent), reading('payments', 'payments-2', {}, silent))));
  const none = findTroubles(looked(well()));

  it('keeps since when, says when it may be longer, and what is over', () => {
    const first = remember(noMemory, none, start_ms);
    const second = remember(first, down, start_ms + 10_000);
    const third = remember(second, down, start_ms + 60_000);
    const [trouble] = inOrder(third.troubles.values());
    assert.deepEqual([trouble?.id, trouble?.began_ms, trouble?.at_least], ['service payments', start_ms + 10_000, false]);
    const over = remember(third, none, start_ms + 90_000);
    assert.equal(over.past[0]?.title, 'payments does not answer');
    assert.deepEqual([over.past[0]?.since_ms, over.past[0]?.until_ms], [start_ms + 10_000, start_ms + 90_000]);
    assert.deepEqual(remember(over, none, start_ms + 5_000_000).past, []);
    const early = remember(remember(noMemory, down, start_ms), down, start_ms + 5_000);
    assert.equal([...early.troubles.values()][0]?.at_least, true);
    assert.deepEqual(remember(early, none, start_ms + 20_000).past, [], 'the start of a platform is no trouble');
  });

  it('makes one word of all', () => {
    const word = (readings: readonly Reading[]) =>
      overallStatus(
        findTroubles(looked(readings)).filter(({ id }) => !id.startsWith('consumer ')),
        pictureOf(readings).services,
      );
    assert.equal(word(well()), 'healthy');
    assert.equal(word(wellBut(reading('payments', 'payments-1', {}, silent), reading('payments', 'payments-2', {}, silent))), 'degraded');
    assert.equal(word(wellBut(reading('orders', 'orders-1', {}, silent), reading('orders', 'orders-2', {}, silent))), 'unhealthy');
    const letters = [{ queue: 'orders.checkout', count: 1, oldest_at: '2026-01-01T01:00:00.000Z', reasons: ['event_invalid'] }];
    assert.equal(word(wellBut(reading('orders', 'orders-1', { dead_letters: letters }))), 'healthy', 'a notice is no fault');
    assert.equal(word([]), 'unhealthy');
  });
});

describe('rates', () => {
  const totals = (requests: number, errors: number, counts: readonly number[]) => ({
    requests,
    errors,
    buckets: [0.01, 0.1, 1].map((le, index) => ({ le, count: counts[index] ?? 0 })),
  });

  it('are what was counted between two readings, over all instances', () => {
    const one = spanBetween(
      { at_ms: 0, totals: totals(100, 1, [90, 100, 100]) },
      { at_ms: 10_000, totals: totals(200, 11, [170, 190, 200]) },
    );
    const other = spanBetween({ at_ms: 0, totals: totals(0, 0, [0, 0, 0]) }, { at_ms: 5_000, totals: totals(50, 0, [50, 50, 50]) });
    assert.ok(one && other);
    const rates = ratesOf([one, other]);
    assert.deepEqual([rates?.per_second, rates?.errors_per_second, rates?.error_share], [20, 1, 10 / 150]);
    assert.ok(rates?.p95_ms !== null && (rates?.p95_ms ?? 0) > 100 && (rates?.p95_ms ?? 0) < 1_000, String(rates?.p95_ms));
    assert.ok(rates?.p50_ms !== null && (rates?.p50_ms ?? 99) <= 10);
  });

  it('are unknown after a restart and without requests', () => {
    assert.equal(spanBetween({ at_ms: 0, totals: totals(100, 0, []) }, { at_ms: 1_000, totals: totals(3, 0, []) }), undefined);
    const idle = spanBetween({ at_ms: 0, totals: totals(5, 0, [5, 5, 5]) }, { at_ms: 1_000, totals: totals(5, 0, [5, 5, 5]) });
    assert.ok(idle);
    assert.deepEqual(ratesOf([idle]), { per_second: 0, errors_per_second: 0, error_share: 0, p50_ms: null, p95_ms: null });
    assert.equal(ratesOf([]), null);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dataServices, type InstanceStatus, serviceNames } from '@souk/contracts';
import { findIncidents, type Observation } from './find-incidents.ts';
import { advance, inOrder, noHistory, overallStatus } from './incident-history.ts';
import { type PlatformSnapshot, type Reading, snapshotOf } from './platform-snapshot.ts';

const start_ms = Date.UTC(2026, 0, 1, 2, 14);

function instanceStatusOf(service: string, instance_id: string, changes: Partial<InstanceStatus> = {}): InstanceStatus {
  return {
    service,
    instance_id,
    code_version: '1',
    started_at: '2026-01-01T00:00:00.000Z',
    now: '2026-01-01T02:14:00.000Z',
    status: 'healthy',
    checks: {},
    requests: { requests: 0, errors: 0, buckets: [] },
    broker: service !== 'gateway' && !services.includes(service) ? null : { kind: 'rabbitmq', connected: true },
    redis: null,
    chaos: null,
    outbox: !services.includes(service) ? null : { backlog: 0, oldest_age_s: 0 },
    database: !services.includes(service) ? null : { busy: 0, idle: 1, waiting: 0 },
    queues: [],
    dead_letters: [],
    missing: [],
    ...changes,
  };
}

function reading(service: string, instance_id: string, changes: Partial<InstanceStatus> = {}, about: Partial<Reading> = {}): Reading {
  const report = instanceStatusOf(service, instance_id, changes);
  return { service, instance_id, address: `http://${instance_id}`, out: undefined, report, failure: undefined, span: undefined, ...about };
}

const silent: Partial<Reading> = { report: undefined, failure: 'http://x takes no connection', out: 'status 503' };
const services: readonly string[] = dataServices;
/** Two instances of each service, all well. */
const well = (): Reading[] => serviceNames.flatMap((name) => [reading(name, `${name}-1`), reading(name, `${name}-2`)]);
/** With these in the place of those of the same name. */
const wellBut = (...others: Reading[]): Reading[] => [
  ...well().filter((one) => !others.some(({ instance_id }) => instance_id === one.instance_id)),
  ...others,
];
const observation = (
  readings: readonly Reading[],
  { audit = null, ...changes }: Partial<Observation> & { audit?: PlatformSnapshot['audit'] } = {},
): Observation => ({
  snapshot: snapshotOf(readings, audit),
  now_ms: start_ms,
  observing_since_ms: start_ms,
  audit_interval_s: 600,
  ...changes,
});
// Consumers that are not attached are incidents of their own, and not what most of these are about.
const titles = (readings: readonly Reading[], changes: Parameters<typeof observation>[1] = {}): string[] =>
  findIncidents(observation(readings, changes))
    .filter(({ id }) => !id.startsWith('consumer '))
    .map(({ title }) => title);

describe('the snapshot of several replicas and gateways', () => {
  it('is healthy when all are, and of every service even without any report', () => {
    const snapshot = snapshotOf(well(), null);
    assert.deepEqual([...new Set(snapshot.services.map(({ status }) => status))], ['healthy']);
    assert.equal(snapshot.services.find(({ name }) => name === 'gateway')?.instances.length, 2);
    assert.deepEqual(snapshot.broker, { kind: 'rabbitmq', status: 'healthy', connected: 14, instances: 14 });
    const empty = snapshotOf([], null);
    assert.deepEqual(empty.services.map(({ name }) => name).sort(), [...serviceNames].sort());
    assert.ok(empty.services.every(({ status, instances }) => status === 'unhealthy' && instances.length === 0));
  });

  it('takes what replicas share once, and adds what each has for itself', () => {
    const queue = { queue: 'orders.checkout', ready: 7, oldest_age_s: 3, unsettled: 2, attached: true };
    const letters = [{ queue: 'orders.checkout', count: 4, oldest_at: '2026-01-01T01:00:00.000Z', reasons: ['event_invalid'] }];
    const shared = { queues: [queue], dead_letters: letters, outbox: { backlog: 5, oldest_age_s: 2 } };
    const away = { queues: [{ ...queue, ready: null, oldest_age_s: null, unsettled: 1, attached: false }] };
    const snapshot = snapshotOf(
      wellBut(reading('orders', 'orders-1', shared), reading('orders', 'orders-2', { ...away, dead_letters: letters })),
      null,
    );
    const row = snapshot.queues.find((one) => one.queue === 'orders.checkout');
    assert.deepEqual(row, { queue: 'orders.checkout', service: 'orders', ready: 7, unsettled: 3, oldest_age_s: 3, attached: 1, dead: 4 });
    assert.equal(snapshot.dead_letters.length, 1);
    assert.equal(snapshot.services.find(({ name }) => name === 'orders')?.outbox?.backlog, 5);
  });

  it('names what does not answer, and never shows it as zero', () => {
    const snapshot = snapshotOf(
      wellBut(
        reading('orders', 'orders-1', {}, silent),
        reading('orders', 'orders-2', { missing: [{ part: 'dead letters', reason: 'database_unavailable' }] }),
      ),
      null,
    );
    assert.deepEqual(snapshot.missing, [
      { instance_id: 'orders-1', part: 'everything', reason: 'http://x takes no connection' },
      { instance_id: 'orders-2', part: 'dead letters', reason: 'database_unavailable' },
    ]);
    const row = snapshot.queues.find((one) => one.queue === 'orders.checkout');
    assert.deepEqual([row?.ready, row?.dead], [null, null]);
    assert.equal(snapshot.services.find(({ name }) => name === 'orders')?.status, 'degraded');
  });

  it('holds the last audit as it is given, and the breakers of each gateway', () => {
    const audit = { finished_at: '2026-01-01T02:10:00.000Z', balanced: false, violations: 3, warnings: 0, instance_id: 'operations-1' };
    const gateway = (state: 'closed' | 'open') => ({ gateway: { breakers: [{ upstream: 'orders', state }] } });
    const snapshot = snapshotOf(
      wellBut(reading('gateway', 'gateway-1', gateway('closed')), reading('gateway', 'gateway-2', gateway('open'))),
      audit,
    );
    assert.deepEqual(snapshot.audit, audit);
    assert.deepEqual(
      snapshot.breakers.map(({ gateway: at, state }) => [at, state]),
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
    const off: Partial<InstanceStatus> = {
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
    const [only, ...others] = findIncidents(observation(all));
    assert.deepEqual([only?.title, others], ['RabbitMQ does not answer', []]);
    assert.ok(only?.detail.includes(` ${2 * serviceNames.length} events wait`), only?.detail ?? '');
    assert.deepEqual(snapshotOf(all, null).services[0]?.instances[0]?.reasons, ['broker: not connected']);
    const stuck = { status: 'degraded', checks: { broker: { status: 'degraded', detail: 'orders.checkout is stuck' } } } as const;
    assert.deepEqual(titles(wellBut(reading('orders', 'orders-1', stuck))), ['RabbitMQ does not do all it should']);
  });

  it('is since when an outbox, a queue, a dead letter, an order or an injected fault says', () => {
    const iso = (ago_s: number) => new Date(start_ms - ago_s * 1_000).toISOString();
    const found = findIncidents(
      observation(
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
      'dead letters orders.checkout': 300,
      'checkout pending': 200,
      'fault injection orders-1': 30,
    });
    assert.equal(
      found.find(({ id }) => id === 'dead letters orders.checkout')?.command,
      'npm run souk -- dead list --queue orders.checkout',
    );
  });

  it('is that no audit has ended for long', () => {
    assert.deepEqual(titles(well(), { observing_since_ms: start_ms - 1_000_000 }), []);
    assert.deepEqual(titles(well(), { observing_since_ms: start_ms - 2_000_000 }), ['The books have not been audited for long']);
    assert.deepEqual(titles(well(), { observing_since_ms: start_ms - 2_000_000, audit_interval_s: 0 }), []);
    const audit = {
      finished_at: new Date(start_ms - 60_000).toISOString(),
      balanced: true,
      violations: 0,
      warnings: 0,
      instance_id: 'operations-1',
    };
    assert.deepEqual(titles(well(), { observing_since_ms: start_ms - 2_000_000, audit }), []);
    assert.deepEqual(titles(well(), { audit: { ...audit, balanced: false, violations: 1 } }), ['The books do not balance: 1 violation']);
  });

  it('has a command in every incident, whatever fails', () => {
    const sick: Partial<InstanceStatus> = {
      status: 'degraded',
      checks: { broker: { status: 'degraded', detail: 'not connected' }, redis: { status: 'degraded', detail: 'not connected' } },
      broker: { kind: 'rabbitmq', connected: false },
      redis: { connected: false },
    };
    const disturbed: Partial<InstanceStatus> = {
      checks: { keys: { status: 'degraded', detail: 'old' }, broker: { status: 'degraded', detail: 'orders.checkout is stuck' } },
      status: 'degraded',
      outbox: { backlog: 1, oldest_age_s: 90 },
      queues: [{ queue: 'orders.checkout', ready: 9, oldest_age_s: 90, unsettled: 0, attached: true }],
      checkouts: [{ status: 'pending', count: 1, counted_max: 1_000, oldest_at: '2026-01-01T01:00:00.000Z' }],
      missing: [{ part: 'dead letters', reason: 'database_unavailable' }],
    };
    const errors = { seconds: 10, requests: 100, errors: 50, buckets: [] };
    const breaker = { gateway: { breakers: [{ upstream: 'orders', state: 'open' as const }] } };
    const found = [
      ...findIncidents(observation([])),
      ...findIncidents(observation(wellBut(reading('users', 'users-1', {}, silent), reading('users', 'users-2', {}, silent)))),
      ...findIncidents(observation(well().map(({ service, instance_id }) => reading(service, instance_id, sick)))),
      ...findIncidents(
        observation(wellBut(reading('orders', 'orders-1', disturbed, { span: errors }), reading('gateway', 'gateway-1', breaker)), {
          observing_since_ms: start_ms - 2_000_000,
        }),
      ),
    ];
    const kinds = [
      'service',
      'instance',
      'errors',
      'broker',
      'redis',
      'outbox',
      'queue',
      'consumer',
      'checkout',
      'breaker',
      'missing',
      'audit',
    ];
    assert.deepEqual(
      kinds.filter((kind) => !found.some(({ id }) => id.split(' ')[0] === kind)),
      [],
    );
    // Without any instance there is no address to ask.
    assert.deepEqual(
      found.filter(({ command, detail }) => command === null && !detail.includes('no instance is registered')).map(({ id }) => id),
      [],
    );
  });
});

describe('the history of incidents', () => {
  const down = findIncidents(
    observation(wellBut(reading('payments', 'payments-1', {}, silent), reading('payments', 'payments-2', {}, silent))),
  );
  const none = findIncidents(observation(well()));

  it('keeps since when, says when it may be longer, and what is over', () => {
    const first = advance(noHistory, none, start_ms);
    const second = advance(first, down, start_ms + 10_000);
    const third = advance(second, down, start_ms + 60_000);
    const [incident] = inOrder(third.incidents.values());
    assert.deepEqual([incident?.id, incident?.began_ms, incident?.at_least], ['service payments', start_ms + 10_000, false]);
    const over = advance(third, none, start_ms + 90_000);
    assert.equal(over.past[0]?.title, 'payments does not answer');
    assert.deepEqual([over.past[0]?.since_ms, over.past[0]?.until_ms], [start_ms + 10_000, start_ms + 90_000]);
    assert.deepEqual(advance(over, none, start_ms + 5_000_000).past, []);
    const early = advance(advance(noHistory, down, start_ms), down, start_ms + 5_000);
    assert.equal([...early.incidents.values()][0]?.at_least, true);
    assert.deepEqual(advance(early, none, start_ms + 20_000).past, [], 'the start of a platform is no incident');
  });

  it('makes one word of all', () => {
    const word = (readings: readonly Reading[]) =>
      overallStatus(
        findIncidents(observation(readings)).filter(({ id }) => !id.startsWith('consumer ')),
        snapshotOf(readings, null).services,
      );
    assert.equal(word(well()), 'healthy');
    assert.equal(word(wellBut(reading('payments', 'payments-1', {}, silent), reading('payments', 'payments-2', {}, silent))), 'degraded');
    assert.equal(word(wellBut(reading('orders', 'orders-1', {}, silent), reading('orders', 'orders-2', {}, silent))), 'unhealthy');
    const letters = [{ queue: 'orders.checkout', count: 1, oldest_at: '2026-01-01T01:00:00.000Z', reasons: ['event_invalid'] }];
    assert.equal(word(wellBut(reading('orders', 'orders-1', { dead_letters: letters }))), 'healthy', 'a notice is no fault');
    assert.equal(word([]), 'unhealthy');
  });
});

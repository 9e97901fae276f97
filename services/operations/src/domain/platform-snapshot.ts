/** The snapshot of the platform, derived from the reports of all instances. */
import { combinedStatus, type InstanceStatus, type PlatformStatus, queues, type StatusWord, serviceNames } from '@souk/contracts';
import { type RequestSpan, ratesOf } from './request-rates.ts';

/** The report of one instance, or why there is none. */
export interface Reading {
  service: string;
  instance_id: string;
  address: string;
  /** Why a gateway sends it no requests; undefined while it does. */
  out: string | undefined;
  report: InstanceStatus | undefined;
  /** Why there is no report. */
  failure: string | undefined;
  /** Since an earlier reading; undefined where there is none. */
  span: RequestSpan | undefined;
}

/** The status without what depends on earlier snapshots. */
export type PlatformSnapshot = Omit<PlatformStatus, 'now' | 'reported_by' | 'status' | 'incidents' | 'past'>;

type Service = PlatformSnapshot['services'][number];
type Instance = Service['instances'][number];

/** `audit` is the last report, where there is one. */
export function snapshotOf(readings: readonly Reading[], audit: PlatformSnapshot['audit']): PlatformSnapshot {
  const reports = readings.flatMap((reading) => (reading.report ? [reading.report] : []));
  const names = [...serviceNames, ...readings.map(({ service }) => service)].filter((name, index, all) => all.indexOf(name) === index);
  return {
    world: reports.some(({ broker, redis }) => broker?.kind === 'rabbitmq' || redis !== null) ? 'distributed' : 'embedded',
    services: names.map((name) => serviceOf(name, readings)),
    broker: brokerOf(reports),
    redis: redisOf(reports),
    queues: Object.keys(queues).map((queue) => queueOf(queue, reports)),
    dead_letters: deadLettersOf(reports),
    checkouts: reports.find(({ checkouts }) => checkouts !== undefined)?.checkouts ?? null,
    breakers: reports.flatMap(({ instance_id, gateway }) => (gateway?.breakers ?? []).map((one) => ({ ...one, gateway: instance_id }))),
    audit,
    missing: readings.flatMap(missingOf),
  };
}

function serviceOf(name: string, readings: readonly Reading[]): Service {
  const own = readings.filter(({ service }) => service === name);
  const instances = own.map(instanceOf);
  const outboxes = own.flatMap(({ report }) => (report?.outbox ? [report.outbox] : []));
  return {
    name,
    status: combinedStatus(instances.map(({ status }) => status)),
    requests: ratesOf(own.flatMap(({ span }) => (span ? [span] : []))),
    // Replicas share one outbox and report the same.
    outbox:
      outboxes.length === 0
        ? null
        : { backlog: most(outboxes.map((one) => one.backlog)), oldest_age_s: most(outboxes.map((one) => one.oldest_age_s)) },
    instances,
  };
}

function instanceOf({ instance_id, address, out, report, failure, span }: Reading): Instance {
  const failing = Object.entries(report?.checks ?? {}).filter(([, { status }]) => status !== 'healthy');
  // Without the broker no consumer is attached: that follows, and is not reported for each.
  const checks = failing.filter(([check]) => report?.broker?.connected !== false || !check.startsWith('consumer '));
  const reasons = [
    ...(failure === undefined ? [] : [failure]),
    ...checks.map(([check, { status, detail }]) => `${check}: ${detail ?? status}`),
    // That an unhealthy instance gets no requests follows.
    ...(out !== undefined && report !== undefined && report.status !== 'unhealthy' ? [`the gateway sends it nothing: ${out}`] : []),
  ];
  return {
    instance_id,
    address,
    status: stateOf(report, out),
    reasons,
    code_version: report?.code_version ?? null,
    started_at: report?.started_at ?? null,
    requests: span ? ratesOf([span]) : null,
    database: report?.database ?? null,
    chaos: report?.chaos && report.chaos.active.length > 0 ? report.chaos : null,
  };
}

function stateOf(report: InstanceStatus | undefined, out: string | undefined): StatusWord {
  if (report === undefined) return 'unhealthy';
  return out !== undefined && report.status === 'healthy' ? 'degraded' : report.status;
}

function brokerOf(reports: readonly InstanceStatus[]): PlatformSnapshot['broker'] {
  const connections = reports.flatMap(({ broker }) => (broker ? [broker] : []));
  return { kind: connections[0]?.kind ?? 'unknown', ...connectionStatus(connections) };
}

function redisOf(reports: readonly InstanceStatus[]): PlatformSnapshot['redis'] {
  const connections = reports.flatMap(({ redis }) => (redis ? [redis] : []));
  return connections.length === 0 ? null : connectionStatus(connections);
}

function connectionStatus(connections: readonly { connected: boolean }[]): { status: StatusWord; connected: number; instances: number } {
  const status = combinedStatus(connections.map(({ connected }) => (connected ? 'healthy' : 'unhealthy')));
  return { status, connected: connections.filter(({ connected }) => connected).length, instances: connections.length };
}

function queueOf(queue: string, reports: readonly InstanceStatus[]): PlatformSnapshot['queues'][number] {
  const service = queue.split('.')[0] ?? '';
  const own = reports.filter((one) => one.service === service);
  const seen = own.flatMap((one) => one.queues.filter((reading) => reading.queue === queue));
  const letters = own.filter(({ missing }) => missing.every(({ part }) => part !== 'dead letters'));
  return {
    queue,
    service,
    ready: known(most, seen, ({ ready }) => ready),
    unsettled: known(total, seen, ({ unsettled }) => unsettled),
    oldest_age_s: known(most, seen, ({ oldest_age_s }) => oldest_age_s),
    attached: seen.filter(({ attached }) => attached).length,
    dead: letters.length === 0 ? null : most(letters.map((one) => one.dead_letters.find((letter) => letter.queue === queue)?.count ?? 0)),
  };
}

/** Replicas share one table of dead letters: the first report counts. */
function deadLettersOf(reports: readonly InstanceStatus[]): PlatformSnapshot['dead_letters'] {
  const byQueue = new Map<string, PlatformSnapshot['dead_letters'][number]>();
  for (const { service, dead_letters } of reports) {
    for (const letters of dead_letters) {
      if (!byQueue.has(letters.queue))
        byQueue.set(letters.queue, { ...letters, service, command: `npm run souk -- dead list --queue ${letters.queue}` });
    }
  }
  return [...byQueue.values()];
}

function missingOf({ instance_id, report, failure }: Reading): PlatformSnapshot['missing'] {
  if (report === undefined) return [{ instance_id, part: 'everything', reason: failure ?? 'it does not answer' }];
  return report.missing.map(({ part, reason }) => ({ instance_id, part, reason }));
}

function most(values: readonly number[]): number {
  return Math.max(0, ...values);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Over what is known; null when nothing is. */
function known<T>(join: (values: readonly number[]) => number, items: readonly T[], of: (item: T) => number | null): number | null {
  const values = items.map(of).filter((value) => value !== null);
  return values.length === 0 ? null : join(values);
}

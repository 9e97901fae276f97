/** The state of the platform, put together from what all instances told: pure, so that each rule can be tried. */
import { type InstanceFigures, type PlatformStatus, queues, serviceNames } from '@souk/contracts';
import { type State, serviceState } from './overall-health.ts';
import { type RequestSpan, ratesOf } from './request-rates.ts';

/** What became of asking one instance. */
export interface Reading {
  service: string;
  instance_id: string;
  address: string;
  /** Why the gateway sends it nothing; undefined while it does. */
  out: string | undefined;
  figures: InstanceFigures | undefined;
  /** Why there are no figures. */
  failure: string | undefined;
  /** Since an earlier reading; undefined where there is none. */
  span: RequestSpan | undefined;
}

/** Everything but what needs a memory. */
export type Picture = Omit<PlatformStatus, 'now' | 'told_by' | 'status' | 'troubles' | 'past'>;

type Service = Picture['services'][number];
type Instance = Service['instances'][number];

export function pictureOf(readings: readonly Reading[]): Picture {
  const figures = readings.flatMap((reading) => (reading.figures ? [reading.figures] : []));
  const names = [...serviceNames, ...readings.map(({ service }) => service)].filter((name, index, all) => all.indexOf(name) === index);
  return {
    world: figures.some(({ broker, redis }) => broker?.kind === 'rabbitmq' || redis !== null) ? 'distributed' : 'embedded',
    services: names.map((name) => serviceOf(name, readings)),
    broker: brokerOf(figures),
    redis: redisOf(figures),
    queues: Object.keys(queues).map((queue) => queueOf(queue, figures)),
    dead_letters: deadLettersOf(figures),
    checkouts: figures.find(({ checkouts }) => checkouts !== undefined)?.checkouts ?? null,
    breakers: figures.flatMap(({ instance_id, gateway }) => (gateway?.breakers ?? []).map((one) => ({ ...one, gateway: instance_id }))),
    audit: auditOf(figures),
    missing: readings.flatMap(missingOf),
  };
}

function serviceOf(name: string, readings: readonly Reading[]): Service {
  const own = readings.filter(({ service }) => service === name);
  const instances = own.map(instanceOf);
  const outboxes = own.flatMap(({ figures }) => (figures?.outbox ? [figures.outbox] : []));
  return {
    name,
    status: serviceState(instances.map(({ status }) => status)),
    requests: ratesOf(own.flatMap(({ span }) => (span ? [span] : []))),
    // Replicas share one outbox and tell the same.
    outbox:
      outboxes.length === 0
        ? null
        : { backlog: most(outboxes.map((one) => one.backlog)), oldest_age_s: most(outboxes.map((one) => one.oldest_age_s)) },
    instances,
  };
}

function instanceOf({ instance_id, address, out, figures, failure, span }: Reading): Instance {
  const failing = Object.entries(figures?.checks ?? {}).filter(([, { status }]) => status !== 'healthy');
  // Without the broker no consumer is attached: that follows, and need not be said of each.
  const checks = failing.filter(([check]) => figures?.broker?.connected !== false || !check.startsWith('consumer '));
  const reasons = [
    ...(failure === undefined ? [] : [failure]),
    ...checks.map(([check, { status, detail }]) => `${check}: ${detail ?? status}`),
    // An instance that says itself that it is unhealthy need not be told so twice.
    ...(out !== undefined && figures !== undefined && figures.status !== 'unhealthy' ? [`the gateway sends it nothing: ${out}`] : []),
  ];
  return {
    instance_id,
    address,
    status: stateOf(figures, out),
    reasons,
    code_version: figures?.code_version ?? null,
    started_at: figures?.started_at ?? null,
    requests: span ? ratesOf([span]) : null,
    database: figures?.database ?? null,
    chaos: figures?.chaos && figures.chaos.active.length > 0 ? figures.chaos : null,
  };
}

function stateOf(figures: InstanceFigures | undefined, out: string | undefined): State {
  if (figures === undefined) return 'unhealthy';
  return out !== undefined && figures.status === 'healthy' ? 'degraded' : figures.status;
}

function brokerOf(figures: readonly InstanceFigures[]): Picture['broker'] {
  const links = figures.flatMap(({ broker }) => (broker ? [broker] : []));
  return { kind: links[0]?.kind ?? 'unknown', ...linked(links) };
}

function redisOf(figures: readonly InstanceFigures[]): Picture['redis'] {
  const links = figures.flatMap(({ redis }) => (redis ? [redis] : []));
  return links.length === 0 ? null : linked(links);
}

function linked(links: readonly { connected: boolean }[]): { status: State; connected: number; instances: number } {
  const connected = links.filter((link) => link.connected).length;
  return { status: serviceState(links.map((link) => (link.connected ? 'healthy' : 'unhealthy'))), connected, instances: links.length };
}

function queueOf(queue: string, figures: readonly InstanceFigures[]): Picture['queues'][number] {
  const service = queue.split('.')[0] ?? '';
  const own = figures.filter((one) => one.service === service);
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

/** Replicas have one table of dead letters: the first that tells is as good as any. */
function deadLettersOf(figures: readonly InstanceFigures[]): Picture['dead_letters'] {
  const told = new Map<string, Picture['dead_letters'][number]>();
  for (const { service, dead_letters } of figures) {
    for (const letters of dead_letters) {
      if (!told.has(letters.queue))
        told.set(letters.queue, { ...letters, service, command: `npm run souk -- dead list --queue ${letters.queue}` });
    }
  }
  return [...told.values()];
}

function auditOf(figures: readonly InstanceFigures[]): Picture['audit'] {
  const audits = figures.flatMap(({ instance_id, gateway }) => (gateway?.audit ? [{ ...gateway.audit, gateway: instance_id }] : []));
  return audits.sort((left, right) => right.finished_at.localeCompare(left.finished_at))[0] ?? null;
}

function missingOf({ instance_id, figures, failure }: Reading): Picture['missing'] {
  if (figures === undefined) return [{ instance_id, part: 'everything', reason: failure ?? 'it does not answer' }];
  return figures.missing.map(({ part, reason }) => ({ instance_id, part, reason }));
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

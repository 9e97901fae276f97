/** The status of the whole platform: one observation serves all requests within two seconds. */
import {
  type AuditReport,
  gatewayInstanceStatusRoute,
  InstanceStatus,
  instanceStatusRoute,
  leaderStatusRoute,
  type PlatformStatus,
  type ServiceName,
} from '@souk/contracts';
import { originOf } from '@souk/discovery';
import { isConnectFailure, mapBounded, timestamp } from '@souk/kernel';
import { type CallOptions, callService, createSchemaCheck, type KnownInstance } from '@souk/service-kit';
import { askLeader, leads } from '../clients/leader.ts';
import type { OperationsContext } from '../context.ts';
import { findIncidents } from '../domain/find-incidents.ts';
import { advance, inOrder, noHistory, overallStatus } from '../domain/incident-history.ts';
import { type PlatformSnapshot, type Reading, snapshotOf } from '../domain/platform-snapshot.ts';
import { type CountedAt, spanBetween } from '../domain/request-rates.ts';

export interface StatusMonitor {
  /** As the instance that leads sees the platform. */
  statusOfLeader(request: Pick<CallOptions<typeof leaderStatusRoute>, 'cause' | 'signal'>): Promise<PlatformStatus>;
  /** As this instance sees it. */
  status(): Promise<PlatformStatus>;
  /** Observes where this instance leads. */
  observeAsLeader(): Promise<void>;
}

/** What is known here without asking another process. */
export interface OwnReports {
  status(): Promise<InstanceStatus>;
  address(): string;
  lastAudit(): AuditReport | undefined;
}

const askedAtOnce = 16;
/** Longer than a service waits for a database that hangs. */
const answerTimeoutMs = 2_500;
/** Longer than the leader needs for an observation. */
const leaderTimeoutMs = 5_000;
const keptMs = 1_900;
const readingsKept = 12;
/** Rates are over this time where readings are that frequent. */
const spanMs = 15_000;
/** An older reading says nothing about now. */
const spanMaxMs = 60_000;
const checkInstanceStatus = createSchemaCheck(InstanceStatus);

/** Nothing is asked before the first observation. */
export function createStatusMonitor(context: OperationsContext, own: OwnReports): StatusMonitor {
  const { clock, config, directory, instance_id } = context;
  const counts = createRequestCounts();
  let history = noHistory;
  let last: { status: Promise<PlatformStatus>; until: number } | undefined;

  const observe = async (): Promise<PlatformStatus> => {
    await directory.refresh();
    const others = directory.all().filter((instance) => instance.instance_id !== instance_id);
    const unmeasured = await Promise.all([
      ownReading(instance_id, own),
      mapBounded(others, askedAtOnce, (one) => readInstance(context, one)),
    ]);
    const readings = unmeasured.flat().map((reading) => ({ ...reading, span: counts.span(reading) }));
    counts.keepOnly(readings);
    const snapshot = snapshotOf(readings, auditOf(own.lastAudit(), instance_id));
    const now_ms = clock.now();
    const observing_since_ms = history.began_ms ?? now_ms;
    const found = findIncidents({ snapshot, now_ms, observing_since_ms, audit_interval_s: config.audit_interval_ms / 1_000 });
    history = advance(history, found, now_ms);
    const incidents = inOrder(history.incidents.values());
    return {
      now: timestamp(now_ms),
      reported_by: { instance_id, observing_since: timestamp(observing_since_ms) },
      status: overallStatus(incidents, snapshot.services),
      incidents: incidents.map(({ since_ms: _since, began_ms, at_least, ...incident }) => ({
        ...incident,
        since: timestamp(began_ms),
        since_at_least: at_least,
      })),
      past: history.past.map(({ title, since_ms, until_ms }) => ({ title, since: timestamp(since_ms), until: timestamp(until_ms) })),
      ...snapshot,
    };
  };
  const status = (): Promise<PlatformStatus> => {
    if (last === undefined || performance.now() >= last.until) {
      const fresh = { status: observe(), until: Number.POSITIVE_INFINITY };
      const rest = (): void => {
        fresh.until = performance.now() + keptMs;
      };
      fresh.status.then(rest, rest);
      last = fresh;
    }
    return last.status;
  };
  return {
    status,
    statusOfLeader: (request) => askLeader(context, leaderStatusRoute, { ...request, timeout_ms: leaderTimeoutMs }, status),
    async observeAsLeader() {
      await directory.refresh();
      if (leads(context)) await status();
    },
  };
}

type UnmeasuredReading = Omit<Reading, 'span'>;

async function ownReading(instance_id: string, own: OwnReports): Promise<UnmeasuredReading> {
  const report = await own.status();
  return { service: 'operations', instance_id, address: own.address(), out: undefined, report, failure: undefined };
}

function auditOf(report: AuditReport | undefined, instance_id: string): PlatformSnapshot['audit'] {
  if (report === undefined) return null;
  const { finished_at, balanced, violations, warnings } = report;
  return { finished_at, balanced, violations: violations.length, warnings: warnings.length, instance_id };
}

async function readInstance(context: OperationsContext, instance: KnownInstance): Promise<UnmeasuredReading> {
  const { service, instance_id, healthy, last_error } = instance;
  const address = originOf(instance);
  const about = { service, instance_id, address, out: healthy ? undefined : (last_error ?? 'it has not been checked yet') };
  // A list of addresses may name what is no service of this platform; then it has no such route.
  const route = service === 'gateway' ? gatewayInstanceStatusRoute : { ...instanceStatusRoute, service: service as ServiceName };
  try {
    const { status, body } = await callService(context, address, route, { internal: true, timeout_ms: answerTimeoutMs });
    if (status !== 200) return { ...about, report: undefined, failure: `it answers ${status} when asked for its status` };
    if (checkInstanceStatus(body)) return { ...about, report: undefined, failure: 'its status is of another version' };
    return { ...about, report: body, failure: undefined };
  } catch (error) {
    return { ...about, report: undefined, failure: failureOf(address, error) };
  }
}

/** Why there was no answer, in words for operators. */
function failureOf(address: string, error: unknown): string {
  if (isConnectFailure(error)) return `${address} takes no connection`;
  const { cause } = error as Error;
  const { name, message } = cause instanceof Error ? cause : (error as Error);
  return name === 'TimeoutError' || name === 'AbortError' ? `${address} does not answer in time` : message;
}

interface RequestCounts {
  /** From an earlier reading of the same run to this one; remembers this one. */
  span(reading: UnmeasuredReading): Reading['span'];
  keepOnly(readings: readonly UnmeasuredReading[]): void;
}

/** The last counters of each instance. A restart begins new counters, and a new entry. */
function createRequestCounts(): RequestCounts {
  const runs = new Map<string, CountedAt[]>();
  const runOf = ({ instance_id, report }: UnmeasuredReading): string => `${instance_id} ${report?.started_at ?? ''}`;
  return {
    span(reading) {
      if (reading.report === undefined) return undefined;
      const now: CountedAt = { at_ms: performance.now(), totals: reading.report.requests };
      const known = (runs.get(runOf(reading)) ?? []).filter(({ at_ms }) => now.at_ms - at_ms <= spanMaxMs).slice(-readingsKept);
      const before = known.find(({ at_ms }) => now.at_ms - at_ms <= spanMs) ?? known.at(-1);
      runs.set(runOf(reading), [...known, now]);
      return before && spanBetween(before, now);
    },
    keepOnly(readings) {
      const present = new Set(readings.map(runOf));
      for (const run of [...runs.keys()]) if (!present.has(run)) runs.delete(run);
    },
  };
}

/** Runs the auditor over all services, one run at a time, and keeps the last report. */
import { audit, checkOneOrder, createRecordReader, type RuleOutcome } from '@souk/auditor';
import {
  type AuditReport,
  dataServices,
  leaderAuditRoute,
  leaderProofRoute,
  type ProofSummary,
  type QueryOf,
  refusal,
} from '@souk/contracts';
import { originOf } from '@souk/discovery';
import { createSingleFlight, elapsedSeconds, required } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import type { CallOptions } from '@souk/service-kit';
import { askLeader, leads } from '../clients/leader.ts';
import type { OperationsContext } from '../context.ts';

type Query = QueryOf<typeof leaderAuditRoute>;
type Request = Pick<CallOptions<typeof leaderAuditRoute>, 'cause' | 'signal'>;

export interface Auditor {
  /** The last report of the instance that leads, or one of a run that ends after this call. Throws `service_unavailable`. */
  reportOfLeader(query: Query, request: Request): Promise<AuditReport>;
  /** The same of this instance: joins a run under way, and runs where there is no report yet. */
  report(query: Query): Promise<AuditReport>;
  /** The last report of this instance, if there is one. */
  last(): AuditReport | undefined;
  /** The last report of the instance that leads, in numbers, without a run. */
  summaryOfLeader(request: Request): Promise<ProofSummary>;
  /** The same of this instance. */
  summary(): ProofSummary;
  /** What each rule says of one order at this moment. Throws `service_unavailable`. */
  outcomesOf(order_id: string): Promise<RuleOutcome[]>;
  /** Runs where this instance leads and the last report is older than the interval. */
  runIfDue(): Promise<void>;
}

const pageTimeoutMs = 10_000;
const proofTimeoutMs = 5_000;
/** Shorter than the gateway waits for the answer. */
const leaderTimeoutMs = 110_000;

const summaryTimeoutMs = 2_000;

/** Registers `souk_audit_violations` and `souk_audit_age_seconds`, which have values once there is a report. */
export function createAuditor(context: OperationsContext): Auditor {
  const { config, clock, metrics, stopping, directory } = context;
  const began_ms = clock.now();
  let origins: ReadonlyMap<string, string> = new Map();
  const records = createRecordReader({
    urlOf: (service) => required(origins.get(service), `the address of ${service}`),
    tokenOf: platformKeys(config.internal_token).internalToken,
    timeout_ms: pageTimeoutMs,
  });
  let last: AuditReport | undefined;

  metrics.gauge('souk_audit_violations', () => (last ? [{ labels: {}, value: last.violations.length }] : []));
  metrics.gauge('souk_audit_age_seconds', () =>
    last ? [{ labels: {}, value: elapsedSeconds(Date.parse(last.finished_at), clock.now()) }] : [],
  );

  const running = createSingleFlight(async (): Promise<AuditReport> => {
    try {
      origins = await provenOrigins(context);
      last = await audit({ records, clock, grace_ms: config.audit_grace_ms, signal: stopping });
      metrics.count('souk_audit_runs_total', { outcome: last.balanced ? 'balanced' : 'violations' });
      return last;
    } catch (error) {
      metrics.count('souk_audit_runs_total', { outcome: 'failed' });
      throw error;
    }
  });
  const report = async ({ run }: Query): Promise<AuditReport> => (run === undefined && last) || running.run();
  return {
    report,
    reportOfLeader: (query, request) =>
      askLeader(context, leaderAuditRoute, { ...request, query, timeout_ms: leaderTimeoutMs }, () => report(query)),
    summaryOfLeader: (request) =>
      askLeader(context, leaderProofRoute, { ...request, timeout_ms: summaryTimeoutMs }, async () => summaryOf(last)),
    summary: () => summaryOf(last),
    last: () => last,
    async outcomesOf(order_id) {
      origins = await provenOrigins(context);
      return checkOneOrder({ records, clock, order_id });
    },
    async runIfDue() {
      await directory.refresh();
      const elapsed_ms = clock.now() - (last ? Date.parse(last.finished_at) : began_ms);
      // While a platform starts an audit would only fail; once all services take requests there is something to prove.
      const isDue = elapsed_ms >= config.audit_interval_ms || (last === undefined && directory.isComplete());
      if (isDue && leads(context)) await running.run();
    },
  };
}

/** Ids and details are for staff. */
function summaryOf(report: AuditReport | undefined): ProofSummary {
  if (report === undefined) return { audit: null };
  const { finished_at, balanced, counts, violations } = report;
  return { audit: { finished_at, balanced, counts, violation_count: violations.length } };
}

/** An address of each service with records, at which an instance has proved to be one of it. Throws `service_unavailable`. */
async function provenOrigins(context: OperationsContext): Promise<Map<string, string>> {
  await context.directory.refresh();
  return new Map(await Promise.all(dataServices.map(async (service) => [service, await provenOrigin(context, service)] as const)));
}

async function provenOrigin({ directory, peers }: OperationsContext, service: (typeof dataServices)[number]): Promise<string> {
  let cause: unknown;
  for (const instance of directory.of(service)) {
    try {
      await peers.need(service, originOf(instance), AbortSignal.timeout(proofTimeoutMs));
      return originOf(instance);
    } catch (error) {
      cause = error;
    }
  }
  throw refusal('service_unavailable', `No instance of ${service} answers.`, { service }, cause);
}

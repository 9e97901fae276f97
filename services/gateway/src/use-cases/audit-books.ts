/** Runs the auditor over all services, one run at a time, and keeps the last report. */
import { audit, createFactReader } from '@souk/auditor';
import { type AuditReport, refusal } from '@souk/contracts';
import { originOf } from '@souk/discovery';
import { elapsedSeconds } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';

export interface BookAuditor {
  /** The report of a run that ends after this call: joins the one under way. Throws `service_unavailable`. */
  run(): Promise<AuditReport>;
  /** The last report; runs one where there is none yet. */
  last(): Promise<AuditReport>;
  /** The last report, if there is one. */
  known(): AuditReport | undefined;
}

const pageTimeoutMs = 10_000;

/** Registers `souk_audit_violations` and `souk_audit_age_seconds`, which have values once there is a report. */
export function createBookAuditor(context: Pick<GatewayContext, 'config' | 'clock' | 'metrics' | 'instances' | 'stopping'>): BookAuditor {
  const { config, clock, metrics, instances, stopping } = context;
  const urlOf = (service: string): string => {
    const instance = instances.resolver.pick(service);
    if (!instance) throw refusal('service_unavailable', `No instance of ${service} is known.`);
    return originOf(instance);
  };
  const facts = createFactReader({ urlOf, internal_token: config.internal_token, timeout_ms: pageTimeoutMs });
  let report: AuditReport | undefined;
  let running: Promise<AuditReport> | undefined;

  metrics.gauge('souk_audit_violations', () => (report ? [{ labels: {}, value: report.violations.length }] : []));
  metrics.gauge('souk_audit_age_seconds', () =>
    report ? [{ labels: {}, value: elapsedSeconds(Date.parse(report.finished_at), clock.now()) }] : [],
  );

  const run = async (): Promise<AuditReport> => {
    try {
      report = await audit({ facts, clock, grace_ms: config.audit_grace_ms, signal: stopping });
      metrics.count('souk_audit_runs_total', { outcome: report.balanced ? 'balanced' : 'violations' });
      return report;
    } catch (error) {
      metrics.count('souk_audit_runs_total', { outcome: 'failed' });
      throw error;
    } finally {
      running = undefined;
    }
  };
  const runOnce = (): Promise<AuditReport> => {
    running ??= run();
    return running;
  };
  return { run: runOnce, last: async () => report ?? runOnce(), known: () => report };
}

import { counter, sharedGauge } from './define-metric.ts';

const operations = ['operations'] as const;

/** What operations finds out about the whole platform. */
export const operationsMetrics = {
  souk_audit_violations: sharedGauge(operations, 'violations', 'Violations the last audit of the books found', {}),
  souk_audit_age_seconds: { ...sharedGauge(operations, 'seconds', 'Time since the last audit ended', {}), replicas: 'min' as const },
  souk_audit_runs_total: counter(operations, 'audits', 'Audits by outcome', { outcome: ['balanced', 'violations', 'failed'] }),
};

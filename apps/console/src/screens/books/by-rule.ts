import type { AuditReport } from '@souk/contracts';

type Finding = AuditReport['violations'][number];

/** The findings of each rule; the rule with most of them first. */
export function byRule(findings: readonly Finding[]): { rule: string; found: Finding[] }[] {
  return [...Map.groupBy(findings, ({ rule }) => rule)]
    .map(([rule, found]) => ({ rule, found }))
    .sort((one, other) => other.found.length - one.found.length);
}

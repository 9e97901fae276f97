import type { Finding, MessagingRecord } from '../audit-records.ts';

const secondsOutboxMax = 60;

/** Violations and warnings of one service's messaging. */
export function checkMessaging(service: string, record: MessagingRecord): { violations: Finding[]; warnings: Finding[] } {
  const violations: Finding[] = [];
  const warnings: Finding[] = [];
  if (record.outbox_oldest_age_s > secondsOutboxMax) {
    const finding = {
      rule: 'outbox_stuck',
      detail: `${service} has ${record.outbox_backlog} unsent events, the oldest for ${Math.round(record.outbox_oldest_age_s)} s`,
      ids: [service],
    };
    (record.broker_connected ? violations : warnings).push(finding);
  }
  if (record.dead_letters > 0)
    warnings.push({ rule: 'dead_letters', detail: `${service} has ${record.dead_letters} dead letters`, ids: [service] });
  return { violations, warnings };
}

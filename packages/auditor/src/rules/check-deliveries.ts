import type { DeliveriesRecord, Finding } from '../audit-records.ts';

const hourMs = 3_600_000;

/** Finds an active webhook to which nothing is posted although something is due: attempts that fail put it off, so it never is for long. */
export function checkDeliveries({ webhook_id, due, overdue_ms }: DeliveriesRecord): Finding[] {
  if (overdue_ms <= hourMs) return [];
  const detail = `${due} deliveries are due, the first for ${Math.round(overdue_ms / 60_000)} minutes`;
  return [{ rule: 'delivery_stuck', detail, ids: [webhook_id] }];
}

import type { AuditRecord } from './audit-records.ts';

/** A promotion with what its uses and those of its codes come to, read in one statement. */
export interface PromotionRecord extends AuditRecord {
  promotion_id: string;
  used: number;
  /** Held redemptions that count. */
  held: number;
  uses_max: number | null;
  /** Codes that say another number of uses than there are, and codes used more often than they may be. */
  codes_differing: number;
  codes_exceeded: number;
}

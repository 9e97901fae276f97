/** What a payment shows the auditor of money that went back or was taken back. Amounts are minor units. */

export interface RefundRecord {
  id: string;
  kind: 'cancellation' | 'staff' | 'return' | 'retry' | 'dispute';
  amount: number;
  currency: string;
  /** `failed`: it never went, or came back; `by_hand`: then staff gave the money back by other means. */
  status: 'pending' | 'done' | 'failed' | 'by_hand';
  created_at_ms: number;
  /** When it is tried again, or asked about; null when it has ended, or never. */
  due_at_ms: number | null;
  /** What it was when it failed; absent where it has not. */
  failed_from?: 'pending' | 'done';
  failure_code?: string;
  /** The refund by which it is tried again. */
  retried_as?: string | null;
}

/** A line of the double-entry ledger. `refund_id` is null for the capture and for disputes. */
export interface TransferRecord {
  debit_account: string;
  credit_account: string;
  amount: number;
  currency: string;
  refund_id: string | null;
  /** Absent where a capture or a refund is booked, which is `booked`. */
  kind?: 'booked' | 'failed' | 'by_hand' | 'disputed' | 'won' | 'lost';
  dispute_id?: string | null;
}

/** `inquiry`, `closed`: a question of the bank, which takes no money. */
export interface DisputeRecord {
  id: string;
  reference: string;
  state: 'inquiry' | 'closed' | 'open' | 'won' | 'lost';
  amount: number;
  currency: string;
  evidence_due_at_ms: number | null;
}

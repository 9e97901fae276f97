/** What one order is explained from: its payment, its refunds and their lines of the ledger. */
import type { Queryable } from '@souk/postgres';
import type { PaymentStatus } from '../domain/payment.ts';
import type { DisputeState } from '../domain/required-interfaces.ts';
import type { RefundKind, RefundStatus } from './refunds.ts';

export interface RecordedPaymentRow {
  id: string;
  amount: number;
  currency: string;
  status: PaymentStatus;
  decline_code: string | null;
  captured: number;
  refunded: number;
  refunding: number;
  provider: string;
  cancel_reason: string | null;
  attempts: number;
  due_at: string | null;
  /** The event that asked for it. */
  event_id: string | null;
  created_at: string;
  updated_at: string;
}

export async function findRecordedPayment(db: Queryable, order_id: string): Promise<RecordedPaymentRow | undefined> {
  const [row] = await db.query<RecordedPaymentRow>(
    `select id, amount, currency, status, decline_code, captured, refunded, refunding, provider, cancel_reason, attempts,
       case when isfinite(due_at) then due_at end due_at, cause ->> 'causation_id' event_id, created_at, updated_at
     from payments where order_id = $1`,
    [order_id],
  );
  return row;
}

export interface RecordedRefundRow {
  id: string;
  kind: RefundKind;
  amount: number;
  currency: string;
  reason: string;
  status: RefundStatus;
  failure_code: string | null;
  retried_as: string | null;
  attempts: number;
  due_at: string | null;
  created_at: string;
  updated_at: string;
}

const rowsMax = 1_000;

export function refundsOfPayment(db: Queryable, payment_id: string): Promise<RecordedRefundRow[]> {
  return db.query<RecordedRefundRow>(
    `select id, kind, amount, currency, reason, status, failure_code, retried_as, attempts, case when isfinite(due_at) then due_at end due_at, created_at, updated_at
     from refunds where payment_id = $1 order by created_at, id limit ${rowsMax}`,
    [payment_id],
  );
}

export interface RecordedTransferRow {
  refund_id: string | null;
  amount: number;
  currency: string;
  at: string;
}

/** Captures and refunds as they were booked first. */
export function transfersOfPayment(db: Queryable, payment_id: string): Promise<RecordedTransferRow[]> {
  return db.query<RecordedTransferRow>(
    `select refund_id, amount, currency, created_at at from transfers where payment_id = $1 and kind = 'booked' order by created_at limit ${rowsMax}`,
    [payment_id],
  );
}

export async function findCancelledUnpaid(db: Queryable, order_id: string): Promise<{ reason: string; at: string } | undefined> {
  const [row] = await db.query<{ reason: string; at: string }>('select reason, cancelled_at at from cancelled_orders where order_id = $1', [
    order_id,
  ]);
  return row;
}

export interface RecordedDisputeRow {
  id: string;
  reference: string;
  state: DisputeState;
  amount: number;
  currency: string;
  reason: string;
  evidence_due_at: string | null;
  opened_at: string;
  updated_at: string;
}

export function recordedDisputes(db: Queryable, payment_id: string): Promise<RecordedDisputeRow[]> {
  return db.query<RecordedDisputeRow>(
    `select id, reference, state, amount, currency, reason, evidence_due_at, opened_at, updated_at
     from disputes where payment_id = $1 and state <> 'reported' order by opened_at, id limit ${rowsMax}`,
    [payment_id],
  );
}

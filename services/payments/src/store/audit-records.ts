import type { Queryable } from '@souk/postgres';

/** A payment as the auditor sees it: amounts in minor units, with its refunds and the transfers of the ledger. */
export interface PaymentAuditRecord {
  [member: string]: unknown;
  key: string;
  payment_id: string;
  order_id: string;
  user_id: string;
  amount: number;
  currency: string;
  status: string;
  captured: number;
  refunded: number;
  refunds_pending: number;
  cancel_reason: string | null;
  due_at_ms: number | null;
  refunds: RefundRecord[];
  transfers: TransferRecord[];
  updated_at_ms: number;
}

interface RefundRecord {
  id: string;
  kind: string;
  amount: number;
  currency: string;
  status: string;
  created_at_ms: number;
  due_at_ms: number | null;
}

interface TransferRecord {
  debit_account: string;
  credit_account: string;
  amount: number;
  currency: string;
  refund_id: string | null;
}

/** More refunds than any payment has. */
const refundsMax = 5_000;

/** Payments in ascending order of their order's id, after `after`; one statement, so that a payment and its books are of the same moment. */
export function paymentRecords(db: Queryable, after: string, limit: number): Promise<PaymentAuditRecord[]> {
  return db.query<PaymentAuditRecord>(
    `select p.order_id key, p.id payment_id, p.order_id, p.user_id, p.amount, p.currency, p.status, p.captured, p.refunded, p.refunding refunds_pending,
       p.cancel_reason, case when isfinite(p.due_at) then floor(extract(epoch from p.due_at) * 1000)::bigint end due_at_ms,
       coalesce(back.refunds, '[]') refunds, coalesce(ledger.transfers, '[]') transfers,
       floor(extract(epoch from p.updated_at) * 1000)::bigint updated_at_ms
     from (select * from payments where order_id > $1 order by order_id limit $2) p
     left join lateral (
       select json_agg(json_build_object('debit_account', t.debit_account, 'credit_account', t.credit_account, 'amount', t.amount,
         'currency', t.currency, 'refund_id', t.refund_id)) transfers
       from (select * from transfers where payment_id = p.id limit ${refundsMax}) t
     ) ledger on true
     left join lateral (
       select json_agg(json_build_object('id', r.id, 'kind', r.kind, 'amount', r.amount, 'currency', r.currency, 'status', r.status,
         'created_at_ms', floor(extract(epoch from r.created_at) * 1000)::bigint,
         'due_at_ms', case when isfinite(r.due_at) then floor(extract(epoch from r.due_at) * 1000)::bigint end)) refunds
       from (select * from refunds where payment_id = p.id limit ${refundsMax}) r
     ) back on true
     order by p.order_id`,
    [after, limit],
  );
}

export interface CancellationRecord {
  [member: string]: unknown;
  key: string;
  order_id: string;
  reason: string;
  updated_at_ms: number;
}

/** Orders cancelled before their payment was asked for, in ascending order of id after `after`. */
export function cancellationRecords(db: Queryable, after: string, limit: number): Promise<CancellationRecord[]> {
  return db.query<CancellationRecord>(
    `select order_id key, order_id, reason, floor(extract(epoch from cancelled_at) * 1000)::bigint updated_at_ms
     from cancelled_orders where order_id > $1 order by order_id limit $2`,
    [after, limit],
  );
}

import type { Queryable } from '@souk/postgres';

/** A payment as the auditor sees it: amounts in minor units, with its refunds and the transfers of the ledger. */
export interface PaymentRecordRow {
  key: string;
  payment_id: string;
  user_id: string;
  amount: number;
  currency: string;
  status: string;
  captured: number;
  refunded: number;
  refunds_pending: number;
  cancel_reason: string | null;
  due_at_ms: number | null;
  /** JSON text of refunds, transfers and disputes, without the brackets around them: PostgreSQL writes it with `||` sooner than by its JSON functions. */
  refunds: string | null;
  transfers: string | null;
  disputed: number;
  disputes: string | null;
  updated_at_ms: number;
}

/** More refunds than any payment has. */
const refundsMax = 5_000;

/** Payments in ascending order of their order's id, after `after`; one statement, so that a payment and its books are of the same moment. */
export function paymentRecords(db: Queryable, after: string, limit: number): Promise<PaymentRecordRow[]> {
  return db.query<PaymentRecordRow>(
    `select p.order_id as key, p.id as payment_id, p.user_id, p.amount, p.currency, p.status, p.captured, p.refunded,
       p.refunding as refunds_pending, p.cancel_reason,
       case when isfinite(p.due_at) then (date_part('epoch', p.due_at) * 1000)::int8 end as due_at_ms,
       (
         select string_agg('{"id":"' || id || '","kind":"' || kind || '","amount":' || amount || ',"currency":' || to_json(currency)
           || ',"status":"' || status || '","created_at_ms":' || (date_part('epoch', created_at) * 1000)::int8 || ',"due_at_ms":'
           || case when isfinite(due_at) then (date_part('epoch', due_at) * 1000)::int8::text else 'null' end
           || case when failure_code is null then '' else ',"failed_from":"' || failed_from || '","failure_code":' || to_json(failure_code)
             || ',"retried_as":' || coalesce('"' || retried_as || '"', 'null') end || '}', ',')
         from (select * from refunds where payment_id = p.id limit ${refundsMax}) of_payment
       ) as refunds,
       (
         select string_agg('{"debit_account":' || to_json(debit_account) || ',"credit_account":' || to_json(credit_account) || ',"amount":' || amount
           || ',"currency":' || to_json(currency) || ',"refund_id":' || coalesce('"' || refund_id || '"', 'null')
           || case kind when 'booked' then '' else ',"kind":"' || kind || '","dispute_id":' || coalesce('"' || dispute_id || '"', 'null') end || '}', ',')
         from (select * from transfers where payment_id = p.id limit ${refundsMax}) of_payment
       ) as transfers,
       p.disputed, (
         select string_agg('{"id":"' || id || '","reference":' || to_json(reference) || ',"state":"' || state
           || '","amount":' || amount || ',"currency":' || to_json(currency) || ',"evidence_due_at_ms":'
           || case when isfinite(evidence_due_at) then (date_part('epoch', evidence_due_at) * 1000)::int8::text else 'null' end || '}', ',')
         from (select * from disputes where payment_id = p.id limit ${refundsMax}) of_payment
       ) as disputes,
       (date_part('epoch', p.updated_at) * 1000)::int8 as updated_at_ms
     from (select * from payments where order_id > $1 order by order_id limit $2) p
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

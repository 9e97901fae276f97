import type { Queryable } from '@souk/postgres';

/** A payment as the auditor sees it: amounts in minor units, and what the ledger says beside what the row says. */
export interface PaymentFact {
  [member: string]: unknown;
  key: string;
  payment_id: string;
  order_id: string;
  amount: number;
  currency: string;
  status: string;
  captured: number;
  refunded: number;
  refunds_pending: number;
  refunds_done: number;
  oldest_pending_refund_at_ms: number | null;
  ledger_net: number;
  updated_at_ms: number;
}

/** Payments in ascending order of their order's id, after `after`. */
export function paymentFacts(db: Queryable, after: string, limit: number): Promise<PaymentFact[]> {
  return db.query<PaymentFact>(
    `select p.order_id key, p.id payment_id, p.order_id, p.amount, p.currency, p.status, p.captured, p.refunded, p.refunding refunds_pending,
       refunds.oldest_pending_at_ms oldest_pending_refund_at_ms, refunds.done refunds_done, coalesce(ledger.net, 0) ledger_net,
       (extract(epoch from p.updated_at) * 1000)::bigint updated_at_ms
     from (select * from payments where order_id > $1 order by order_id limit $2) p
     left join lateral (
       select sum(case when t.debit_account = 'provider' then t.amount else -t.amount end)::bigint net from transfers t where t.payment_id = p.id
     ) ledger on true
     left join lateral (
       select (extract(epoch from min(r.created_at) filter (where r.status = 'pending')) * 1000)::bigint oldest_pending_at_ms,
         coalesce(sum(r.amount) filter (where r.status = 'done'), 0)::bigint done
       from refunds r where r.payment_id = p.id
     ) refunds on true
     order by p.order_id`,
    [after, limit],
  );
}

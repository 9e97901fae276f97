import type { Payment, Refund } from '@souk/contracts';
import { toMajor } from '@souk/kernel';
import type { PaymentRow } from '../store/payments.ts';
import type { RefundRow } from '../store/refunds.ts';

/** A payment in the shape of its contract. */
export function presentPayment(row: PaymentRow, refunds: readonly RefundRow[]): Payment {
  const { id, order_id, user_id, currency, status, decline_code, provider, created_at, updated_at } = row;
  return {
    id,
    order_id,
    user_id,
    amount: toMajor(row.amount, currency),
    currency,
    status,
    decline_code,
    captured_amount: toMajor(row.captured, currency),
    refunded_amount: toMajor(row.refunded, currency),
    refunds: refunds.map(presentRefund),
    provider,
    created_at,
    updated_at,
  };
}

export function presentRefund({ id, amount, currency, reason, status, created_at }: Omit<RefundRow, 'payment_id'>): Refund {
  return { id, amount: toMajor(amount, currency), currency, reason, status, created_at };
}

import type { Tx } from '@souk/postgres';
import type { PaymentsContext } from '../context.ts';
import { insertRefunds, type NewRefund } from '../store/refunds.ts';

interface Promised {
  payment: { order_id: string; provider_reference: string | null };
  refund: NewRefund;
}

/** Refunds to be written with the change of their payments, and begun by this process after the commit where it has room. */
export function promisedRefunds(
  ctx: PaymentsContext,
  promised: readonly Promised[],
): { write(tx: Tx, now_ms: number): Promise<void>; begin(): void } {
  const takes = promised.length > 0 && ctx.refunds.room() >= promised.length;
  return {
    write(tx, now_ms) {
      const due_ms = takes ? now_ms + ctx.config.provider_lease_ms : now_ms;
      return insertRefunds(
        tx,
        promised.map(({ refund }) => refund),
        { now_ms, due_ms },
      );
    },
    begin() {
      if (!takes) {
        if (promised.length > 0) ctx.wakeJob('pay-refunds');
        return;
      }
      ctx.refunds.take(
        promised.map(({ payment, refund }) => ({
          ...refund,
          order_id: payment.order_id,
          provider_reference: payment.provider_reference ?? '',
          attempts: 0,
          status: 'pending',
          first_id: refund.first_id ?? null,
        })),
      );
    },
  };
}

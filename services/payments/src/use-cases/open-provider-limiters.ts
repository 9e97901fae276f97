/** Opens the limiters of provider calls with the service, and closes them without leaving anything leased. */
import type { PaymentsContext } from '../context.ts';
import { anyReportedDispute } from '../store/disputes.ts';
import { anyOpenPayment, releaseCharges } from '../store/payments.ts';
import { anyPendingRefund, postponeRefunds } from '../store/refunds.ts';

export function openProviderLimiters({ charges, refunds }: PaymentsContext): void {
  charges.open();
  refunds.open();
}

export async function closeProviderLimiters({ charges, refunds, provider, db, clock }: PaymentsContext): Promise<void> {
  const [leftCharges, leftRefunds] = await Promise.all([charges.close(), refunds.close()]);
  const now_ms = clock.now();
  if (leftCharges.length > 0)
    await releaseCharges(
      db,
      leftCharges.map((task) => task.id),
      now_ms,
    );
  await postponeRefunds(
    db,
    leftRefunds.map((task) => ({ id: task.id, due_ms: now_ms })),
  );
  await provider.close();
}

/** Every payment has ended, every refund too, and no dispute waits to be asked about. */
export async function allEnded({ charges, refunds, db }: PaymentsContext): Promise<boolean> {
  if (!charges.idle() || !refunds.idle()) return false;
  return !(await anyOpenPayment(db)) && !(await anyPendingRefund(db)) && !(await anyReportedDispute(db));
}

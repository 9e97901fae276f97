import type { OrderRecordParts } from '@souk/contracts';
import type { OrderRecordsReader } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import {
  findCancelledUnpaid,
  findRecordedPayment,
  recordedDisputes,
  refundsOfPayment,
  transfersOfPayment,
} from '../store/order-records.ts';
import { knownCharge } from '../store/provider-references.ts';

/** What payments knows of an order, and what the provider's own record says. */
export const orderRecordsReader: OrderRecordsReader<PaymentsContext> = { read: readRecords };

async function readRecords({ db, provider }: PaymentsContext, order_id: string): Promise<OrderRecordParts> {
  const known = await knownCharge(db, order_id);
  const [payment, cancelled_unpaid, account] = await Promise.all([
    findRecordedPayment(db, order_id),
    findCancelledUnpaid(db, order_id),
    provider.accountOf(order_id, known),
  ]);
  const [refunds, transfers, disputes] = payment
    ? await Promise.all([refundsOfPayment(db, payment.id), transfersOfPayment(db, payment.id), recordedDisputes(db, payment.id)])
    : [[], [], []];
  return { ...(payment && { payment }), ...(cancelled_unpaid && { cancelled_unpaid }), refunds, transfers, disputes, provider: account };
}

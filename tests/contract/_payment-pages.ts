/** The pages on which a customer finishes a payment. */
import { until } from '@souk/platform/testing';
import type { Json, PublishedApi } from './_published-api.ts';

/** Calls each of them, for an order whose payment asks its customer. */
export async function callPages(api: PublishedApi, token: string, order: Json): Promise<void> {
  let payment_id = '';
  await until(async () => {
    const [payment] = (await api.call('listPayments', { token, query: { order_id: String(order['id']) } })).body as Json[];
    payment_id = payment?.['action'] === undefined ? '' : String(payment['id']);
    return payment_id === '' ? 'no page yet' : undefined;
  });
  await api.call('getPaymentPage', { params: { payment_id } });
  await api.call('finishPaymentPage', { params: { payment_id, outcome: 'refused' } });
}

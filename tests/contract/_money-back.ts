/** Refunds that come back and payments that are disputed, at the sandbox provider. */
import { until } from '@souk/platform/testing';
import type { Call, Json, PublishedApi } from './_published-api.ts';

interface Sold {
  staff: string;
  customer: string;
  product_id: string;
}

interface ShownPayment {
  id: string;
  refunds: { id: string; failure?: object }[];
}

/** An order paid with a card whose first refund comes back; answers the refund, once it has. */
async function aFailedRefund(api: PublishedApi, { staff, customer, product_id }: Sold): Promise<Call> {
  const payment = await paidWith(api, 'tok_refund_fails', { staff, customer, product_id });
  const params = { payment_id: payment.id };
  const { body } = await api.call('refundPayment', { token: staff, params });
  const refund_id = String((body as Json)['id']);
  await until(async () => {
    const { refunds } = (await api.call('getPayment', { token: staff, params })).body as ShownPayment;
    return refunds.some(({ failure }) => failure !== undefined) ? undefined : 'it has not come back yet';
  }, 30_000);
  return { token: staff, params: { ...params, refund_id } };
}

async function paidWith(api: PublishedApi, payment_method: string, { customer, product_id }: Sold): Promise<ShownPayment> {
  const { body } = await api.call('placeOrder', {
    token: customer,
    headers: { prefer: 'wait=20' },
    body: (example) => ({ ...example, items: [{ product_id, quantity: 1 }], payment_method, expected_total: undefined }),
  });
  const { body: payments } = await api.call('listPayments', { token: customer, query: { order_id: String((body as Json)['id']) } });
  const [payment] = payments as ShownPayment[];
  if (payment === undefined) throw new Error('the order has no payment');
  return payment;
}

export async function moneyComesBack(api: PublishedApi, sold: Sold): Promise<void> {
  const [retried, settled] = [await aFailedRefund(api, sold), await aFailedRefund(api, sold)];
  await api.call('retryRefund', { ...retried, headers: { 'idempotency-key': 'again-1' } });
  await api.call('settleRefund', { ...settled, headers: { 'idempotency-key': 'by-hand-1' } });
  for (const [operation_id, key] of [
    ['retryRefund', 'again-1'],
    ['settleRefund', 'by-hand-1'],
  ] as const) {
    await api.call(operation_id, { ...retried, headers: {}, status: 409 });
    const other = operation_id === 'retryRefund' ? settled : retried;
    await api.call(operation_id, { ...other, headers: { 'idempotency-key': key }, status: 422 });
  }
  await paidWith(api, 'tok_dispute', sold);
  await until(async () => {
    const { body } = await api.call('listDisputes', { token: sold.staff, query: { state: 'open' } });
    return (body as object[]).length > 0 ? undefined : 'the dispute is not known yet';
  }, 30_000);
}

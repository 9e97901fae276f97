import { getPayment, listPayments, receiveWebhook, refundPayment } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { answer, contentTag, encodeCursor, inOrderOf, listedIds, noContent, once, page, serve } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { getPayment as findPayment } from '../use-cases/get-payment.ts';
import { listPayments as findPayments } from '../use-cases/list-payments.ts';
import { receiveWebhook as handleWebhook } from '../use-cases/receive-webhook.ts';
import { refundPayment as promiseRefund } from '../use-cases/refund-payment.ts';

const isOrderId = (value: unknown): value is string => typeof value === 'string' && isUuid(value);

export const paymentRoutes = [
  serve(listPayments, async (ctx: PaymentsContext, { caller, query }) => {
    const order_ids = listedIds(query, 'order_ids');
    if (order_ids !== undefined) {
      // An order has one payment at most.
      const { payments } = await findPayments(ctx, caller, { limit: order_ids.length, skip: 0, after: undefined }, order_ids);
      return answer(
        200,
        inOrderOf(order_ids, payments, ({ order_id }) => order_id),
      );
    }
    const of_order = query.order_id === undefined ? undefined : [query.order_id];
    const { payments, next } = await findPayments(ctx, caller, page(query, isOrderId), of_order);
    return answer(200, payments, { next_cursor: next === null ? null : encodeCursor(next) });
  }),
  serve(getPayment, async (ctx: PaymentsContext, { caller, params }) => {
    const payment = await findPayment(ctx, caller, params.payment_id);
    return answer(200, payment, { etag: contentTag(payment) });
  }),
  serve(refundPayment, async (ctx: PaymentsContext, request) => {
    const { params, body, cause } = request;
    return once(ctx, request, async (tx) => ({ status: 201, body: await promiseRefund(ctx, tx, { ...params, ...body, cause }) }));
  }),
  serve(receiveWebhook, async (ctx: PaymentsContext, request) => {
    const { params, body_text } = request;
    await handleWebhook(ctx, { provider: params.provider, body_text, header: (name) => request.header(name) });
    return noContent();
  }),
];

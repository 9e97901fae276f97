import {
  finishPaymentPage,
  getPayment,
  getPaymentPage,
  listDisputes,
  listPayments,
  receiveWebhook,
  refundPayment,
  retryRefund,
  settleRefund,
} from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { answer, answerContent, contentTag, encodeCursor, inOrderOf, listedIds, noContent, once, page, serve } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import type { ProviderPage } from '../domain/required-interfaces.ts';
import { sandboxPage } from '../domain/sandbox-page.ts';
import { finishPage, showPage } from '../use-cases/finish-page.ts';
import { getPayment as findPayment } from '../use-cases/get-payment.ts';
import { listDisputes as findDisputes } from '../use-cases/list-disputes.ts';
import { listPayments as findPayments } from '../use-cases/list-payments.ts';
import { receiveWebhook as handleWebhook } from '../use-cases/receive-webhook.ts';
import { refundPayment as promiseRefund } from '../use-cases/refund-payment.ts';
import { settleRefundByHand, retryRefund as tryAgain } from '../use-cases/resolve-refund.ts';

const isId = (value: unknown): value is string => typeof value === 'string' && isUuid(value);

const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

function htmlOf(payment_id: string, page: ProviderPage) {
  return answerContent(200, 'text/html; charset=utf-8', sandboxPage(payment_id, page), { headers: pageHeaders });
}

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
    const { payments, next } = await findPayments(ctx, caller, page(query, isId), of_order);
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
  serve(retryRefund, async (ctx: PaymentsContext, request) => {
    const { params, cause } = request;
    return once(ctx, request, async (tx) => ({ status: 201, body: await tryAgain(ctx, tx, { ...params, cause }) }));
  }),
  serve(settleRefund, async (ctx: PaymentsContext, request) => {
    const { params, cause } = request;
    return once(ctx, request, async (tx) => ({ status: 200, body: await settleRefundByHand(ctx, tx, { ...params, cause }) }));
  }),
  serve(listDisputes, async (ctx: PaymentsContext, { query }) => {
    const { disputes, next } = await findDisputes(ctx, page(query, isId), query.state);
    return answer(200, disputes, { next_cursor: next === null ? null : encodeCursor(next) });
  }),
  serve(receiveWebhook, async (ctx: PaymentsContext, request) => {
    const { params, body_text } = request;
    await handleWebhook(ctx, { provider: params.provider, body_text, header: (name) => request.header(name) });
    return noContent();
  }),
  serve(getPaymentPage, async (ctx: PaymentsContext, { params: { payment_id } }) => htmlOf(payment_id, await showPage(ctx, payment_id))),
  serve(finishPaymentPage, async (ctx: PaymentsContext, { params: { payment_id, outcome } }) =>
    htmlOf(payment_id, await finishPage(ctx, payment_id, outcome)),
  ),
];

/** What people do in a shop on a good day, so that everything that counts has counted something. */
import { connect } from 'node:net';
import {
  adjustStock,
  cancelOrder,
  completeOrder,
  deleteUser,
  getMe,
  getNotificationHistory,
  getOrder,
  getOrderDetails,
  getProduct,
  getStatus,
  getStock,
  listCategories,
  listOrders,
  listPayments,
  listProducts,
  login,
  refundPayment,
  shipOrder,
  watchOrder,
} from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Stage } from './_stage.ts';

/** Buying in every way it can end, and everything that staff and customers do with an order afterwards. */
export async function goodDay({ souk, anonymous, staff, aShopper, aProduct, buy }: Stage): Promise<void> {
  const [shopper, product] = [await aShopper(), await aProduct(50)];
  const bought = await buy(shopper, product);
  const [paid, cancelled] = await Promise.all([
    buy(shopper, product),
    buy(shopper, product),
    buy(shopper, product, { quantity: 60 }),
    buy(shopper, product, { payment_method: 'tok_declined' }),
    buy(shopper, product, { payment_method: 'tok_error_once' }),
  ]);
  const params = { order_id: bought.id };
  await shopper.expect(200, getOrderDetails, { params });
  await staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
  await staff.expect(200, completeOrder, { params, body: {} });
  // Its history is whole: the stream ends by itself.
  await shopper.expect(200, watchOrder, { params });
  await shopper.expect(200, cancelOrder, { params: { order_id: cancelled.id }, body: {} });
  const [payment] = (await shopper.expect(200, listPayments, { query: { order_id: paid.id } })).body;
  const payment_id = required(payment, 'the payment').id;
  await staff.expect(201, refundPayment, { params: { payment_id }, body: { amount: 1, reason: 'a scratch' } });
  await staff.expect(201, adjustStock, { params: { product_id: product.id }, body: { quantity_change: 1, reason: 'found one' } });
  for (const _ of ['loaded', 'from memory']) {
    await anonymous.expect(200, listProducts);
    await anonymous.expect(200, getProduct, { params: { product_id: product.id } });
    await anonymous.expect(200, getStock, { params: { product_id: product.id } });
    await anonymous.expect(200, listCategories);
    await shopper.expect(200, listOrders);
    await shopper.expect(200, getOrder, { params });
    await shopper.expect(200, getNotificationHistory);
    await shopper.expect(200, getMe);
  }
  // Not by the client of tests, which asks for no copies.
  for (const _ of ['loaded', 'from memory']) await (await fetch(`${souk.gateway_url}/api/products/${product.id}`)).arrayBuffer();
  await staff.expect(200, getStatus);
  await anonymous.refused(401, login, { body: { login: 'nobody', password: 'guessed wrongly' } });
  await until(async () => {
    const { notifications } = (await shopper.expect(200, getNotificationHistory)).body;
    return notifications.some((row) => row.event_type === 'payment.refunded') ? undefined : 'no mail about the refund';
  });
  await noHttp(Number(new URL(souk.gateway_url).port));
  const leaver = await aShopper();
  const { id: user_id } = (await leaver.expect(200, getMe)).body;
  await leaver.expect(204, deleteUser, { params: { user_id }, body: { current_password: 'correct horse battery' } });
}

/** A client of another protocol. */
function noHttp(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('HELO shop\r\n\r\n'));
    socket.resume().on('close', () => resolve());
    socket.on('error', reject);
  });
}

/** The pages on which a customer buys, for browsers: forms come in as browsers send them, and are answered by pages or by the way to the next one. */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';

const html = ['text/html'] as const;
const shown = { service: 'web', access: 'public', page: true, response_types: html } as const;
const page = { ...shown, method: 'GET', limit: 'read', etag: true, responses: { 200: Type.Unknown() } } as const;
const form = { ...shown, method: 'POST', body_type: 'application/x-www-form-urlencoded', body_bytes_max: 65_536 } as const;
/** Forms send a browser on to another page. */
const onward = { location: true, responses: { 303: null } } as const;
const byOrder = Type.Object({ order_id: Type.String({ minLength: 1, maxLength: 100, description: 'Its id.' }) });
/** Links from elsewhere bring members of their own; they are left aside. */
const noticed = Type.Object({ notice: Type.Optional(Type.String({ maxLength: 100, description: 'What the page says first.' })) });

export const showCart = defineRoute({ ...page, path: '/cart', summary: 'The page of the cart', query: noticed });
export const changeCart = defineRoute({
  ...form,
  ...onward,
  path: '/cart/lines',
  limit: 'write',
  summary: 'Add a product to the cart of the browser, change its quantity or take it out',
});
export const showCheckout = defineRoute({
  ...page,
  path: '/checkout',
  summary: 'The page of the checkout; to the cart while that is empty',
  location: true,
  responses: { ...page.responses, ...onward.responses },
});
export const checkOut = defineRoute({
  ...form,
  ...onward,
  path: '/checkout',
  limit: 'write',
  timeout_ms: 20_000,
  summary: 'Work out what the cart costs, or order it: once, however often it is sent',
  responses: { 200: Type.Unknown(), 303: null },
  errors: ['total_changed', 'product_unknown', 'currency_mismatch', 'total_too_large', 'too_many_open_orders'],
});
export const showOrder = defineRoute({
  ...page,
  path: '/orders/{order_id}',
  summary: 'The page of an order, for its customer or the holder of a mailed link',
  params: byOrder,
  query: noticed,
});
export const cancelShownOrder = defineRoute({
  ...form,
  ...onward,
  path: '/orders/{order_id}/cancel',
  limit: 'write',
  summary: 'Cancel an order from its page',
  params: byOrder,
});
export const showReceipt = defineRoute({
  ...page,
  path: '/orders/{order_id}/receipt',
  limit: 'write',
  timeout_ms: 15_000,
  summary: 'The receipt of an order, for people',
  params: byOrder,
});
export const showReturn = defineRoute({
  ...page,
  path: '/orders/{order_id}/return',
  summary: 'The page on which goods of an order are announced to come back',
  params: byOrder,
});
export const submitReturn = defineRoute({
  ...form,
  ...onward,
  path: '/orders/{order_id}/return',
  limit: 'write',
  summary: 'Ask to send goods back by the form of the page; once, however often it is sent',
  params: byOrder,
  errors: ['form_invalid', 'return_too_large'],
});
export const showTracking = defineRoute({ ...page, path: '/track', summary: 'Where a guest finds an order again', query: noticed });
export const trackOrder = defineRoute({
  ...form,
  path: '/track',
  limit: 'auth',
  summary: 'Have a link to an order mailed; answered alike whether or not there is one',
  responses: { 200: Type.Unknown() },
});
/** The address in the mails. The link goes into a cookie, out of the address: addresses are kept by browsers and shown to others. */
export const openOrderLink = defineRoute({
  ...shown,
  ...onward,
  method: 'GET',
  path: '/order-link',
  limit: 'read',
  summary: 'Open the order of a mailed link with this browser',
  query: Type.Object({ token: Type.Optional(Type.String({ maxLength: 1_000, description: 'The link.' })) }),
});

export const buyingRoutes = [
  showCart,
  changeCart,
  showCheckout,
  checkOut,
  showOrder,
  cancelShownOrder,
  showReceipt,
  showReturn,
  submitReturn,
  showTracking,
  trackOrder,
  openOrderLink,
] as const;

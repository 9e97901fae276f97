/** Parcels and returns, called with their examples. */
import assert from 'node:assert/strict';
import { linkTo } from './_calls.ts';
import { moneyComesBack } from './_money-back.ts';
import type { Call, PublishedApi } from './_published-api.ts';

/** Everything in one parcel, which arrives; the order is completed. */
export async function parcelIsSent(api: PublishedApi, token: string, order_id: string): Promise<void> {
  const params = { order_id };
  const { body } = await api.call('sendParcel', { token, params, body: (example) => ({ ...example, items: undefined }) });
  await api.call('markParcelDelivered', { token, params: { ...params, parcel_id: (body as { id: string }).id } });
  await api.call('shipOrder', { token, params });
  await api.call('completeOrder', { token, params });
}

interface Sent {
  staff: string;
  customer: string;
  order_id: string;
  product_id: string;
}

export async function returnsAreMade(api: PublishedApi, { staff, customer, order_id, product_id }: Sent): Promise<void> {
  const items = [{ product_id, quantity: 1, reason: 'too small' }];
  const ask = async () => {
    const { body } = await api.call('requestReturn', { token: customer, params: { order_id }, body: () => ({ items }) });
    return { token: staff, params: { return_id: (body as { id: string }).id } };
  };
  await api.call('rejectReturn', await askedByPage(api, { staff, customer, order_id, product_id }));
  const never = await ask();
  await api.call('approveReturn', never);
  await api.call('closeReturn', never);
  const arrives = await ask();
  await api.call('getReturn', { ...arrives, token: customer });
  await api.call('listReturns', { token: customer, query: { order_id, state: 'requested' } });
  await api.call('approveReturn', arrives);
  await api.call('receiveReturn', { ...arrives, body: () => ({ items: [{ product_id, restock: 1, write_off: 0 }] }) });
  await api.call('previewReturnRefund', { ...arrives, query: { shipping: 'share' } });
  await api.call('refundReturn', { ...arrives, body: () => ({ shipping: 'none' }) });
  const linked = { headers: await linkTo(api, customer, order_id) };
  await api.call('requestLinkedReturn', { ...linked, body: () => ({ items }) });
  await api.call('listLinkedReturns', linked);
  await moneyComesBack(api, { staff, customer, product_id });
}

/** The page of an order asks for it as well, once for each form. */
async function askedByPage(api: PublishedApi, { staff, customer, order_id, product_id }: Sent) {
  const params = { order_id };
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie: `souk_access=${customer}` };
  const shown = String((await api.call('showReturn', { params, headers })).body);
  const [, key = ''] = /name="key" value="([^"]+)"/.exec(shown) ?? [];
  await api.call('showReturn', { params, status: 404 });
  const send = (quantity: number, status: number) =>
    api.call('submitReturn', { params, headers, body: () => `key=${key}&product-1=${product_id}&quantity-1=${quantity}`, status });
  await send(0, 422);
  const asked = await send(1, 303);
  assert.equal(asked.headers.get('location'), `/orders/${order_id}?notice=return_requested`);
  assert.equal((await send(1, 303)).headers.get('location'), `/orders/${order_id}?notice=return_found`);
  const { body } = await api.call('listReturns', { token: customer, query: { order_id } });
  const [one, ...others] = body as { id: string }[];
  assert.deepEqual([one !== undefined, others], [true, []]);
  return { token: staff, params: { return_id: one?.id ?? '' } };
}

/** By a link to an order of which some pieces are in no return yet. */
export async function linkedReturnsAreMade(api: PublishedApi, link: Record<string, string>, product_id: string): Promise<void> {
  const ask = (quantity: number, key: string): Call => ({
    headers: { ...link, 'idempotency-key': key },
    body: () => ({ items: [{ product_id, quantity }] }),
  });
  await api.call('requestLinkedReturn', { ...ask(9, 'linked-return-9'), status: 409 });
  await api.call('requestLinkedReturn', ask(1, 'linked-return-1'));
  await api.call('requestLinkedReturn', { ...ask(2, 'linked-return-1'), status: 422 });
  await api.call('requestLinkedReturn', { ...ask(1, 'linked-return-1'), headers: {}, status: 401 });
  await api.call('listLinkedReturns', { headers: link });
  await api.call('listLinkedReturns', { status: 401 });
}

/** Of an order of which two pieces were sent. */
export async function returnsAreRefused(api: PublishedApi, { staff, customer, order_id, product_id }: Sent): Promise<void> {
  const ask = (quantity: number, status: number): Call => ({
    token: customer,
    params: { order_id },
    headers: { 'idempotency-key': `return-${status === 422 ? 201 : status}` },
    body: () => ({ items: [{ product_id, quantity }] }),
    status,
  });
  await api.call('requestReturn', ask(3, 409));
  const { body } = await api.call('requestReturn', ask(1, 201));
  await api.call('requestReturn', ask(2, 422));
  const it = { token: staff, params: { return_id: (body as { id: string }).id } };
  const steps = ['approveReturn', 'rejectReturn', 'closeReturn', 'receiveReturn', 'refundReturn'];
  for (const step of steps) await api.call(step, { ...it, headers: { 'if-match': '"0"' }, status: 412 });
  for (const step of [...steps.slice(2), 'previewReturnRefund']) await api.call(step, { ...it, status: 409 });
  const page = { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie: `souk_access=${customer}` };
  const form = `key=AAECAwQFBgcICQoLDA0ODw&product-1=${product_id}&quantity-1=2`;
  await api.call('submitReturn', { params: { order_id }, headers: page, body: () => form, status: 409 });
  await api.call('submitReturn', { params: { order_id }, headers: page, body: () => 'key=x', status: 422 });
  await api.call('approveReturn', it);
  for (const step of steps.slice(0, 2)) await api.call(step, { ...it, status: 409 });
}

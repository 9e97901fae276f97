/** Parts of the calls of the whole API, each about one thing. */
import assert from 'node:assert/strict';
import { until } from '@souk/platform/testing';
import type { Exchange, Json, PublishedApi } from './_published-api.ts';

export const unknownId = '0198c5a4-0000-7000-8000-000000000000';

/** A program gets a key, does what it may, and is refused the rest. */
export async function keysAreGiven(api: PublishedApi, admin: string): Promise<void> {
  const created = await api.call('createApiKey', { token: admin, body: (example) => ({ ...example, scopes: ['orders:read'] }) });
  const { id, key } = created.body as { id: string; key: string };
  await api.call('listOrders', { token: key });
  await api.call('listStock', { token: key, status: 403 });
  await api.call('getMe', { token: key, status: 403 });
  await api.call('listApiKeys', { token: admin, query: { limit: '2' } });
  await api.call('deleteApiKey', { token: admin, params: { key_id: id } });
  await api.call('deleteApiKey', { token: admin, params: { key_id: unknownId }, status: 404 });
}

/** The saved cart, called with its examples and emptied by an order. */
export async function cartIsKept(
  api: PublishedApi,
  { token, product_id, order }: { token: string; product_id: string; order: (cart_version: number) => Promise<Exchange> },
): Promise<void> {
  const etag = (await api.call('getCart', { token })).headers.get('etag') ?? '';
  await api.call('getCart', { token, headers: { 'if-none-match': etag }, status: 304 });
  const lines = [{ product_id, quantity: 2 }];
  await api.call('putCart', { token, headers: { 'if-match': etag }, body: () => ({ lines }) });
  const { body } = await api.call('mergeCart', { token, body: () => ({ lines }) });
  await order((body as { version: number }).version);
  assert.deepEqual(((await api.call('getCart', { token })).body as { lines: unknown[] }).lines, []);
}

/** An address book is written, changed and emptied. */
export async function addressesAreKept(api: PublishedApi, token: string): Promise<void> {
  const { id } = (await api.call('addAddress', { token })).body as { id: string };
  await api.call('listAddresses', { token });
  await api.call('changeAddress', { token, params: { address_id: id } });
  await api.call('deleteAddress', { token, params: { address_id: id } });
  await api.call('deleteAddress', { token, params: { address_id: id }, status: 404 });
}

/** A guest begins, asks for the link to claim the account, and no account without a confirmed address links it. */
export async function guestsCome(api: PublishedApi, { confirmed }: { confirmed: string }): Promise<void> {
  const token = String(((await api.call('openGuest')).body as { access_token: string }).access_token);
  await api.call('getMe', { token });
  await api.call('claimAccount', { token, body: (example) => ({ ...example, token: 'a'.repeat(40) }), status: 400 });
  await api.call('claimAccount', { token, status: 202 });
  await api.call('linkGuests', { token, status: 409 });
  await api.call('linkGuests', { token: confirmed });
}

/**
 * A link to an order is asked for, mailed, and opens the order: that of a guest of its own, because an address that is not confirmed
 * gets ten mails about orders a day.
 */
export async function orderIsLinked(api: PublishedApi, product_id: string): Promise<void> {
  const opened = await api.call('openGuest', { body: (example) => ({ ...example, email: 'linked@example.com' }) });
  const token = String((opened.body as { access_token: string }).access_token);
  const items = [{ product_id, quantity: 2 }];
  const placed = await api.call('placeOrder', { token, body: (example) => ({ ...example, items, payment_method: 'tok_visa' }) });
  const headers = await linkTo(api, token, (placed.body as { id: string }).id);
  await api.call('getLinkedOrder', { headers });
  await api.call('cancelLinkedOrder', { headers });
  await api.call('getLinkedOrder', { status: 401 });
}

/** The header with the link to an order that was mailed to its customer. */
export async function linkTo(api: PublishedApi, token: string, order_id: string): Promise<{ authorization: string }> {
  const { email } = (await api.call('getMe', { token })).body as { email: string };
  const { order_number } = (await api.call('getOrder', { token, params: { order_id } })).body as { order_number: string };
  await api.call('lookUpOrder', { body: () => ({ order_number, email }) });
  let link = '';
  await until(async () => {
    const { notifications } = (await api.call('getNotificationHistory', { token })).body as { notifications: Json[] };
    const mail = notifications.find((one) => one['event_type'] === 'order.link_requested' && one['order_id'] === order_id);
    link = /^v1\.\S+$/m.exec(String(mail?.['body']))?.[0] ?? '';
    return link === '' ? 'no mail yet' : undefined;
  });
  return { authorization: `OrderLink ${link}` };
}

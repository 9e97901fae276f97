/** The pages on which a customer buys, called as published: their forms, their cookies, and where they lead. */
import assert from 'node:assert/strict';
import type { Exchange, PublishedApi } from './_published-api.ts';

const cookiesOf = ({ headers }: Exchange): string =>
  headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');

export async function buyingIsAnswered(api: PublishedApi, product_id: string): Promise<void> {
  const page = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };
  await api.call('showCart');
  await api.call('showCheckout', { status: 303 });
  const added = await api.call('changeCart', { headers: page, body: () => `product_id=${product_id}&quantity=1&change=add` });
  await api.call('changeCart', { body: () => 'change=add', status: 403 });
  const headers = { ...page, cookie: cookiesOf(added) };
  await api.call('showCart', { headers });
  const shown = String((await api.call('showCheckout', { headers })).body);
  const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(shown)?.[1] ?? '';
  const form = new URLSearchParams({
    cart: hidden('cart'),
    country: 'PT',
    street: '1 Market Square',
    city: 'Lisbon',
    payment_method: 'tok_visa',
  });
  await api.call('checkOut', { headers, body: () => String(form) });
  await api.call('checkOut', { headers, body: () => `cart=${hidden('cart')}&step=pay&expected_total=1`, status: 400 });
  await api.call('checkOut', { headers, body: () => 'cart=of-another-page', status: 409 });
  for (const [name, value] of Object.entries({
    step: 'pay',
    expected_total: hidden('expected_total'),
    email: 'p@example.com',
    full_name: 'Pia',
  }))
    form.set(name, value);
  const ordered = await api.call('checkOut', { headers, body: () => String(form), status: 303 });
  const [, order_id = ''] = /^\/orders\/([0-9a-f-]{36})\?notice=placed$/.exec(ordered.headers.get('location') ?? '') ?? [];
  assert.notEqual(order_id, '');
  const guest = { ...page, cookie: cookiesOf(ordered) };
  const params = { order_id };
  await api.call('showOrder', { params, headers: guest });
  await api.call('showOrder', { params, status: 404 });
  await api.call('showReceipt', { params, headers: guest });
  await api.call('cancelShownOrder', { params, headers: guest });
  await api.call('showTracking');
  await api.call('trackOrder', { headers: page });
  await api.call('trackOrder', { headers: page, body: () => 'order_number=x', status: 400 });
  await api.call('openOrderLink');
}

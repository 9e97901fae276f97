import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  approveReturn,
  cancelLinkedOrder,
  claimAccount,
  getCart,
  getLinkedOrder,
  getNotificationHistory,
  getOrder,
  getReceipt,
  linkGuests,
  listLinkedReturns,
  listOrders,
  listPayments,
  login,
  lookUpOrder,
  mergeCart,
  openGuest,
  placeOrder,
  rejectReturn,
  requestLinkedReturn,
  shipOrder,
  verifyEmail,
} from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { type Shop, type Shopper, shipping_address } from '../_support.ts';

const password = 'correct horse battery';

/** What people do who buy before they have an account. */
export function guestScenarios(openedShop: () => Shop): void {
  const aGuest = async (email: string): Promise<Shopper['api']> => {
    const { anonymous } = openedShop();
    const { body } = await anonymous.expect(201, openGuest, { body: { email, full_name: 'Gero Gast' } });
    return anonymous.with({ token: body.access_token });
  };
  const buyFromCart = async (api: Shopper['api']) => {
    const product = await openedShop().aProduct(10);
    const { body: cart } = await api.expect(200, mergeCart, { body: { lines: [{ product_id: product.id, quantity: 2 }] } });
    const { body } = await api.expect(201, placeOrder, {
      body: {
        items: cart.lines.map(({ product_id, quantity }) => ({ product_id, quantity })),
        shipping_address,
        payment_method: 'tok_visa',
        cart_version: cart.version,
      },
      wait_s: 20,
    });
    assert.equal(body.status, 'confirmed');
    assert.deepEqual((await api.expect(200, getCart)).body.lines, []);
    return body;
  };
  /** How the live stream of an order begins. */
  const streamStatus = async (token: string, order_id: string): Promise<number> => {
    const closing = new AbortController();
    const { gateway_url } = openedShop().souk;
    const answer = await fetch(`${gateway_url}/api/orders/${order_id}/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: closing.signal,
    });
    closing.abort();
    return answer.status;
  };
  /** The code of the last link that was mailed; where no mail server is configured the history has it. */
  const mailedCode = async (api: Shopper['api']): Promise<string> => {
    let code: string | undefined;
    await until(async () => {
      const { notifications } = (await api.expect(200, getNotificationHistory)).body;
      const mail = notifications.find(({ event_type, status }) => event_type === 'user.message_requested' && status === 'sent');
      code = mail && /^[\w.-]{40,}$/m.exec(mail.body)?.[0];
      return code === undefined ? 'no mail yet' : undefined;
    });
    return code ?? '';
  };
  /** The header with the link that was mailed, once. */
  const mailedLink = async (api: Shopper['api'], order_id: string): Promise<{ authorization: string }> => {
    let link: string | undefined;
    await until(async () => {
      const { notifications } = (await api.expect(200, getNotificationHistory, { query: { order_id } })).body;
      const mails = notifications.filter(({ event_type, status }) => event_type === 'order.link_requested' && status === 'sent');
      assert.ok(mails.length <= 1, 'a wrong address mails nothing');
      link = /^v1\.\S+$/m.exec(mails[0]?.body ?? '')?.[0];
      return link === undefined ? 'no mail yet' : undefined;
    });
    return { authorization: `OrderLink ${link}` };
  };
  const anAddress = () => `g${systemIds.uuid().replaceAll('-', '').slice(8, 30)}@mail.example`;

  test('a guest buys from a cart, claims the account later and finds the order; another with the same address does not', async () => {
    const { anonymous, booksBalance, staff } = openedShop();
    const email = anAddress();
    const guest = await aGuest(email);
    const order = await buyFromCart(guest);
    const params = { order_id: order.id };
    const other = await aGuest(email);
    assert.deepEqual((await other.expect(200, listOrders)).body, []);
    const found = (await staff.expect(200, listOrders, { query: { email: email.toUpperCase() } })).body;
    assert.deepEqual(
      found.map(({ id }) => id),
      [order.id],
      'staff find it by the address',
    );
    assert.deepEqual((await staff.expect(200, listOrders, { query: { email: anAddress() } })).body, []);
    await other.refused(404, getOrder, { params });

    const username = email.split('@')[0] ?? '';
    await guest.expect(202, claimAccount, { body: { username, password } });
    const token = await mailedCode(guest);
    assert.equal((await anonymous.refused(400, verifyEmail, { body: { token } })).code, 'secret_invalid');
    await guest.expect(200, claimAccount, { body: { username, password, token } });
    const { body: pair } = await anonymous.expect(200, login, { body: { login: email, password } });
    const account = anonymous.with({ token: pair.access_token });
    assert.equal((await account.expect(200, getOrder, { params })).body.user_id, order.user_id, 'it is the same person');

    // The other guest with that address is linked, now that it is confirmed: what it orders is found too.
    const later = await buyFromCart(other);
    assert.equal((await account.expect(200, linkGuests)).body.guest_user_ids.length, 1);
    await until(async () => ((await account.expect(200, listOrders)).body.length === 2 ? undefined : 'not linked yet'));
    await until(async () => {
      const { body } = await account.expect(200, listPayments, { query: { order_id: later.id } });
      return body.length === 1 ? undefined : 'the payment is not linked yet';
    });
    await until(async () => {
      const { notifications } = (await account.expect(200, getNotificationHistory, { query: { order_id: later.id } })).body;
      return notifications.some(({ user_id }) => user_id === later.user_id) ? undefined : 'the messages are not linked yet';
    });
    assert.equal((await account.expect(200, getReceipt, { params: { order_id: later.id } })).body.receipt.order.id, later.id);
    assert.equal(await streamStatus(pair.access_token, later.id), 200);
    const stranger = await openedShop().aShopper();
    const { body: strange } = await anonymous.expect(200, login, { body: { login: stranger.email, password: stranger.password } });
    assert.equal(await streamStatus(strange.access_token, later.id), 404);
    await booksBalance();
  });

  test('an address that was not confirmed opens nothing that was ordered with it', async () => {
    const email = anAddress();
    const order = await buyFromCart(await aGuest(email));
    const { aShopper } = openedShop();
    const shopper = await aShopper();
    assert.equal((await shopper.api.refused(409, linkGuests)).code, 'email_unverified');
    await shopper.api.refused(404, getOrder, { params: { order_id: order.id } });
  });

  test('a guest without the session finds the order by number and address, through a link that opens it alone', async () => {
    const { anonymous } = openedShop();
    const email = anAddress();
    const guest = await aGuest(email);
    const { id: order_id, order_number } = await buyFromCart(guest);
    const answers = [
      await anonymous.expect(202, lookUpOrder, { body: { order_number, email: anAddress() } }),
      await anonymous.expect(202, lookUpOrder, { body: { order_number, email: email.toUpperCase() } }),
    ];
    assert.deepEqual(answers[0]?.body, answers[1]?.body);
    const headers = await mailedLink(guest, order_id);
    const { body: seen } = await anonymous.expect(200, getLinkedOrder, { headers });
    assert.deepEqual([seen.id, seen.town], [order_id, { city: shipping_address.city, country: shipping_address.country }]);
    assert.equal((await anonymous.refused(401, listOrders, { headers })).code, 'token_invalid', 'it opens nothing else');
    assert.deepEqual((await anonymous.expect(200, listLinkedReturns, { headers })).body, []);
    assert.equal((await anonymous.expect(200, cancelLinkedOrder, { headers })).body.status, 'cancelled');
    await openedShop().booksBalance();
  });

  test('a guest sends goods back by the link alone, a refused return leaves them to be asked for again, and each state is mailed once', async () => {
    const { anonymous, staff, booksBalance } = openedShop();
    const email = anAddress();
    const guest = await aGuest(email);
    const { id: order_id, order_number, items } = await buyFromCart(guest);
    await staff.expect(200, shipOrder, { params: { order_id }, body: { carrier: 'Post', tracking_number: 'P1' } });
    await anonymous.expect(202, lookUpOrder, { body: { order_number, email } });
    const headers = await mailedLink(guest, order_id);
    const body = { items: [{ product_id: required(items[0], 'a line').product_id, quantity: 2, reason: 'too small' }] };
    const ask = (idempotency_key: string) => anonymous.call(requestLinkedReturn, { headers, body, idempotency_key });
    const answers = await Promise.all([1, 2, 3].map(() => ask('linked-return-at-once')));
    const made = new Set(answers.map(({ status, body: asked }) => asked?.id ?? assert.fail(`answered ${status}`)));
    assert.equal(made.size, 1, 'one return');
    const [return_id = ''] = made;
    assert.equal((await ask('linked-return-again')).status, 409, 'all of it is on its way back');
    await staff.expect(200, rejectReturn, { params: { return_id }, body: {} });
    const again = await anonymous.expect(201, requestLinkedReturn, { headers, body });
    await staff.expect(200, approveReturn, { params: { return_id: again.body.id }, body: {} });
    const listed = (await anonymous.expect(200, listLinkedReturns, { headers })).body;
    assert.deepEqual(
      listed.map(({ state }) => state),
      ['approved', 'rejected'],
    );
    await booksBalance();
    const { notifications } = (await guest.expect(200, getNotificationHistory, { query: { order_id } })).body;
    const [refused, approved] = [listed[1]?.number, listed[0]?.number];
    assert.deepEqual(
      notifications
        .filter(({ event_type }) => event_type === 'return.updated')
        .map(({ subject }) => subject ?? '')
        .sort(),
      [
        `Your return ${refused}: we have your request`,
        `Your return ${refused} was refused`,
        `Your return ${approved}: we have your request`,
        `Your return ${approved} is approved`,
      ].sort(),
    );
  });
}

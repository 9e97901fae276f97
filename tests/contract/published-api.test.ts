/**
 * Every published route is called at a running shop with the example that the document gives, ids aside, and each answer is held
 * to the document: status, content type, body, headers. Documented refusals that a client can cause are caused as well.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { required } from '@souk/kernel';
import { startTestPlatform, type TestPlatform, until } from '@souk/platform/testing';
import { Secret, TOTP } from 'otpauth';
import { accountPagesAreAnswered } from './_account-pages.ts';
import { buyingIsAnswered } from './_buying-pages.ts';
import { addressesAreKept, cartIsKept, guestsCome, keysAreGiven, orderIsLinked, unknownId } from './_calls.ts';
import { catalogueIsAnswered } from './_catalogue.ts';
import { documentsAreAnswered } from './_graph.ts';
import { drillsAreAnswered, shopIsShown } from './_operations.ts';
import { callPages } from './_payment-pages.ts';
import { promotionsApply, rulesArePricedBy } from './_pricing-rules.ts';
import { type Exchange, type Json, PublishedApi } from './_published-api.ts';
import { parcelIsSent, returnsAreMade } from './_returns.ts';
import { referenceIsAnswered, sessionIsAnswered, storefrontIsAnswered } from './_web-pages.ts';
import { webhooksAreKept } from './_webhooks.ts';

const password = 'four red sails at noon';

describe('the published API', () => {
  let souk: TestPlatform;
  let api: PublishedApi;
  let staff: string;
  let admin: string;
  let customer: string;
  let customer_id: string;
  let product_id: string;
  const member = (exchange: Exchange, name: string): string => String((exchange.body as Json)[name]);
  const signedIn = async (login: string, of_password: string): Promise<string> =>
    member(await api.call('login', { body: () => ({ login, password: of_password }) }), 'access_token');
  const order = async (more: Json = {}, wait = 20): Promise<Exchange> =>
    api.call('placeOrder', {
      token: customer,
      headers: { prefer: `wait=${wait}` },
      body: (example) => ({ ...example, items: [{ product_id, quantity: 2 }], ...more }),
    });

  before(async () => {
    // One customer with an address that is not confirmed does in a minute what takes others weeks.
    souk = await startTestPlatform({ sample: true, drills: true, env: { ORDER_MESSAGES_PER_DAY_MAX: '100' } });
    api = await PublishedApi.read(souk.gateway_url);
    const account = (role: string) =>
      required(
        souk.accounts.find((one) => one.role === role),
        role,
      );
    staff = await signedIn(account('staff').username, account('staff').password);
    admin = await signedIn(account('admin').username, account('admin').password);
  });
  after(() => souk?.stop());

  it('opens an account, signs in and changes it as the examples say', async () => {
    customer_id = member(await api.call('registerUser'), 'id');
    customer = member(await api.call('login'), 'access_token');
    const params = { user_id: customer_id };
    const me = await api.call('getMe', { token: customer });
    await api.call('getMe', { token: customer, headers: { 'if-none-match': me.headers.get('etag') ?? '' }, status: 304 });
    await api.call('getUser', { token: customer, params });
    await api.call('putUser', { token: customer, params });
    await api.call('changeUser', { token: customer, params });
    await api.call('listUsers', { token: staff, query: { limit: '2' } });
    await api.call('listUsers', { token: staff, query: { ids: customer_id } });
    await api.call('setRole', { token: admin, params, body: () => ({ role: 'customer' }) });
    await api.call('requestPasswordReset', { status: 202 });
    await api.call('getKeySet');
    await api.call('getReceiptKeys');
    await api.call('listSessions', { token: customer });
    await api.call('endOtherSessions', { token: customer });
    const pair = await api.call('login');
    const refreshed = await api.call('refreshLogin', { body: () => ({ refresh_token: member(pair, 'refresh_token') }) });
    await api.call('logout', { body: () => ({ refresh_token: member(refreshed, 'refresh_token') }) });
  });

  it('has a catalogue that staff change', async () => {
    product_id = member(await api.call('createProduct', { token: staff }), 'id');
    const params = { product_id };
    const product = await api.call('getProduct', { params });
    await api.call('getProduct', { params, headers: { 'if-none-match': product.headers.get('etag') ?? '' }, status: 304 });
    await api.call('replaceProduct', { token: staff, params, headers: { 'if-match': product.headers.get('etag') ?? '' } });
    await api.call('changeProduct', { token: staff, params });
    const [first] = (await api.call('listProducts', { query: { limit: '3', sort: 'name' } })).body as { image_url: string }[];
    await catalogueIsAnswered(api, { token: staff, product_id });
    await api.call('listProducts', { query: { ids: product_id } });
    await api.call('listCategories');
    await api.call('countFacets', { query: { q: 'lamp', max_price: '500' } });
    await api.call('suggestProducts', { query: { q: 'lam' } });
    await api.call('importProducts', { token: staff });
    const picture = { params: { name: first?.image_url.split('/').at(-1) ?? '' } };
    await api.call('getPicture', picture);
    await api.call('getPicture', { ...picture, headers: { range: 'bytes=0-99' }, status: 206 });
    await api.call('getPicture', { ...picture, headers: { range: 'bytes=9999999-' }, status: 416 });
    await until(async () => ((await fetch(`${souk.gateway_url}/api/inventory/${product_id}`)).status === 200 ? undefined : 'no stock'));
    await api.call('getStock', { params });
    await api.call('getStock', { params, token: staff });
    await api.call('listAvailability', { query: { product_ids: product_id } });
    await api.call('listStock', { token: staff, query: { limit: '2' } });
    const headers = { 'idempotency-key': 'delivery-48' };
    await api.call('adjustStock', { token: staff, params, headers });
    assert.equal((await api.call('adjustStock', { token: staff, params, headers })).headers.get('idempotency-replayed'), 'true');
    await api.call('listMovements', { token: staff, params, query: { limit: '2' } });
    const aboutIt = (example: Json): Json => ({
      items: (example['items'] as Json[]).map((item) => ({ ...item, ...(item['product_id'] !== undefined && { product_id }) })),
    });
    const saved = (await api.call('saveProducts', { token: staff, body: aboutIt, headers: { 'idempotency-key': 'prices-48' } }))
      .body as Json[];
    assert.deepEqual(
      saved.map(({ status }) => status),
      [200, 201],
    );
    const corrected = (await api.call('adjustStocks', { token: staff, body: aboutIt })).body as Json[];
    assert.deepEqual(
      corrected.map(({ status }) => status),
      [201],
    );
    const refused = (
      await api.call('adjustStocks', {
        token: staff,
        body: () => ({ items: [{ product_id: unknownId, quantity_change: 1, reason: 'x' }] }),
      })
    ).body as Json[];
    assert.deepEqual(
      refused.map(({ status }) => status),
      [404],
    );
  });

  it('sells: an order, its payment, its refund, its messages', async () => {
    const { body } = await order();
    const { id: order_id, status } = body as { id: string; status: string };
    assert.equal(status, 'confirmed', JSON.stringify(body));
    const params = { order_id };
    for (const name of ['getOrder', 'getOrderHistory', 'getOrderDetails', 'getOrderFull'])
      await api.call(name, { token: customer, params });
    await api.call('explainOrder', { token: staff, params });
    await api.call('getReceipt', { token: customer, params });
    await api.call('listOrders', { token: customer });
    await api.call('countOrders', { token: staff });
    await api.call('exportOrders', { token: staff });
    await api.call('listOrders', { token: customer, query: { ids: order_id } });
    await api.call('listPayments', { token: customer, query: { order_ids: order_id } });
    await api.call('getNotificationHistory', { token: customer, query: { order_ids: order_id } });
    const [payment] = (await api.call('listPayments', { token: customer, query: { order_id } })).body as { id: string }[];
    const of_payment = { payment_id: payment?.id ?? '' };
    await api.call('getPayment', { token: customer, params: of_payment });
    await api.call('refundPayment', { token: staff, params: of_payment, headers: { 'idempotency-key': 'refund-1' } });
    await parcelIsSent(api, staff, order_id);
    await returnsAreMade(api, { staff, customer, order_id, product_id });
    await api.call('watchOrder', { token: customer, params });
    await api.call('watchOrder', { token: customer, params, headers: { 'last-event-id': '999999999999999' }, status: 204 });
    await api.call('watchOrder', { token: customer, params, headers: { accept: 'text/html' }, status: 406 });
    const { body: other } = await order({ expected_total: 259.9 });
    await api.call('cancelOrder', { token: customer, params: { order_id: String((other as Json)['id']) } });
    let notification_id = '';
    await until(async () => {
      const { notifications } = (await api.call('getNotificationHistory', { token: customer })).body as { notifications: Json[] };
      notification_id = String(notifications.find(({ status }) => status === 'sent')?.['id'] ?? '');
      return notification_id === '' ? 'no message yet' : undefined;
    });
    await api.call('getNotification', { token: customer, params: { notification_id } });
    await api.call('resendNotification', { token: staff, params: { notification_id } });
    await api.call('receiveWebhook', { params: { provider: 'sandbox' }, status: 400 });
    await callPages(api, customer, (await order({ payment_method: 'tok_requires_action' })).body as Json);
  });

  it('keeps a cart, and empties it with the order', () =>
    cartIsKept(api, { token: customer, product_id, order: (cart_version) => order({ cart_version }) }));
  it('quotes and sells by rules of tax and shipping', () => rulesArePricedBy(api, { staff, customer, product_id }, order));
  it('quotes and sells by promotions and their codes', () => promotionsApply(api, { staff, customer, product_id }, order));

  it('shows what happens as it happens', async () => {
    await api.call('watchStock', { query: { product_ids: product_id } });
    await api.call('watchStock', { query: { product_ids: 'x' }, status: 400 });
    await api.call('watchShop', { token: staff });
    await api.call('watchShop', { token: customer, status: 403 });
    await api.call('openWebSocket', { status: 426 });
  });

  it('keeps an address book', () => addressesAreKept(api, customer));
  it('lets guests in', () => guestsCome(api, { confirmed: admin }));
  it('opens an order by a mailed link', () => orderIsLinked(api, product_id));

  it('gives programs keys of their own', () => keysAreGiven(api, admin));

  it('posts events to addresses that administrators name', () => webhooksAreKept(api, admin));
  it('shows operators how the shop is', () => shopIsShown(api, staff));
  it('has parts taken away on purpose, and brings them back', () => drillsAreAnswered(api, { admin, staff }));
  it('answers documents of the graph', () => documentsAreAnswered(api, { token: customer, user_id: customer_id }));
  it('has a storefront', () => storefrontIsAnswered(api, product_id));

  it('has pages to buy on', () => buyingIsAnswered(api, product_id));

  it('keeps the session of a browser in its cookies, and has pages for it and for the own account', async () => {
    await sessionIsAnswered(api, { login: 'carla', password });
    await accountPagesAreAnswered(api);
  });
  it('has a reference', () => referenceIsAnswered(api, souk.gateway_url));

  it('refuses as it says: without a token, with a wrong one, with too little of a role, what is not there, what is not valid', async () => {
    for (const { operation_id, described, path } of api.operations) {
      const access = described['x-souk-access'];
      await api.call(operation_id, { token: 'a.forged.token', status: 401 });
      if (access !== 'public') await api.call(operation_id, { status: 401 });
      if (access === 'staff' || access === 'admin') await api.call(operation_id, { token: customer, status: 403 });
      const requestBody = described['requestBody'] as Json | undefined;
      // What is wrong with a form is said on its page.
      const takesJson = Object.hasOwn((requestBody?.['content'] ?? {}) as Json, 'application/json');
      if (!takesJson || path.includes('/webhooks/') || access !== 'public') continue;
      const headers = { 'sec-fetch-site': 'same-origin' };
      await api.call(operation_id, { body: () => '{', headers, status: 400 });
      await api.call(operation_id, { body: () => ({ never_declared: 1 }), headers, status: 400 });
    }
    for (const [name, params, token] of [
      ['getOrder', { order_id: unknownId }, customer],
      ['getProduct', { product_id: unknownId }, undefined],
      ['getStock', { product_id: unknownId }, undefined],
      ['getPayment', { payment_id: unknownId }, customer],
      ['getNotification', { notification_id: unknownId }, customer],
      ['getUser', { user_id: unknownId }, customer],
      ['getOrderDetails', { order_id: unknownId }, customer],
      ['getServiceReference', { service: 'nothing' }, undefined],
      ['getProblem', { code: 'nothing' }, undefined],
    ] as const)
      await api.call(name, { params, token, status: 404 });
    await api.call('registerUser', { status: 409 });
    await api.call('listProducts', { query: { limit: '0' }, status: 400 });
    await api.call('listProducts', { query: { cursor: 'x' }, status: 400 });
  });

  it('sets up and removes a second factor, and ends accounts', async () => {
    const enrolled = await api.call('enrolSecondFactor', { token: customer });
    const totp = new TOTP({ secret: Secret.fromBase32(member(enrolled, 'secret')) });
    await api.call('getSecondFactor', { token: customer });
    await api.call('confirmSecondFactor', { token: customer, body: () => ({ code: totp.generate() }) });
    await api.call('login', { status: 401 });
    await api.call('disableSecondFactor', { token: customer });
    await api.call('resetSecondFactor', { token: admin, params: { user_id: customer_id } });
    for (const name of ['listStaff', 'listStaffActions', 'listOrderActions', 'listShopActions', 'listStockActions'])
      await api.call(name, { token: admin });
    await api.call('confirmPasswordReset', { status: 400 });
    await api.call('verifyEmail', { status: 400 });
    await api.call('archiveProduct', { token: staff, params: { product_id } });
    await api.call('logoutEverywhere', { token: customer });
    await api.call('endSessionsOf', { token: admin, params: { user_id: customer_id } });
    await api.call('deleteUser', { token: await signedIn('carla', password), params: { user_id: customer_id } });
  });

  it('is called by the commands of the guides as they stand on the page', async () => {
    const page = await (await fetch(`${souk.gateway_url}/docs`)).text();
    const commands = [...page.matchAll(/<pre [^>]*><code>([\s\S]*?)<\/code><\/pre>/g)].map(([, text = '']) =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replace('http://127.0.0.1:8000', souk.gateway_url),
    );
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', commands.join('\n')], { timeout: 60_000 });
    const printed = stdout.trim().split('\n');
    assert.match(printed[0] ?? '', /^lena\d+$/, stderr);
    assert.equal(printed[1], 'confirmed', stderr);
    assert.match(printed[2] ?? '', /^link: <\/api\/products\?sort=name&limit=2&cursor=[^>]+>; rel="next"/);
    assert.deepEqual(printed.slice(3), [
      'confirmed',
      'captured',
      '13',
      '{"data":{"orderChanged":{"to":"pending"}},"extensions":{"cost":{"requested":2,"max":1000,"requests":1}}}',
      'validation_failed',
      '/problems/validation_failed',
      '/shipping_address',
      'pending',
      '304',
    ]);
    process.stdout.write(`guides: ${commands.length} blocks of commands print what the page says\n`);
  });

  it('was called whole', () => {
    const called = new Set([...api.answered.keys()].map((key) => key.split(' ')[0]));
    assert.deepEqual(
      api.operations.map(({ operation_id }) => operation_id).filter((operation_id) => !called.has(operation_id)),
      [],
    );
    const succeeded = new Set([...api.answered.keys()].filter((key) => Number(key.split(' ')[1]) < 400).map((key) => key.split(' ')[0]));
    const never = api.operations.map(({ operation_id }) => operation_id).filter((operation_id) => !succeeded.has(operation_id));
    // Their success needs what a client of the API alone cannot have: a secret of a mail, a signed report, a dead letter, another protocol.
    const unreached = 'confirmPasswordReset discardDeadLetter getDeadLetter openWebSocket receiveWebhook submitVerifyEmail verifyEmail';
    assert.equal(never.sort().join(' '), unreached);
    const counts = {
      routes: called.size,
      succeeded: succeeded.size,
      statuses: api.answered.size,
      answers: [...api.answered.values()].reduce((sum, count) => sum + count, 0),
      bodies_valid: api.validated,
      headers_checked: api.headers_checked,
    };
    process.stdout.write(`published API: ${JSON.stringify(counts)}\n`);
  });
});

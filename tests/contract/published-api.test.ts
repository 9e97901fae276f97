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
import { documentsAreAnswered } from './_graph.ts';
import { type Exchange, type Json, PublishedApi } from './_published-api.ts';

const unknownId = '0198c5a4-0000-7000-8000-000000000000';
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
    souk = await startTestPlatform({ sample: true });
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
    await api.call('listOrders', { token: customer });
    await api.call('exportOrders', { token: staff });
    await api.call('listOrders', { token: customer, query: { ids: order_id } });
    await api.call('listPayments', { token: customer, query: { order_ids: order_id } });
    await api.call('getNotificationHistory', { token: customer, query: { order_ids: order_id } });
    const [payment] = (await api.call('listPayments', { token: customer, query: { order_id } })).body as { id: string }[];
    const of_payment = { payment_id: payment?.id ?? '' };
    await api.call('getPayment', { token: customer, params: of_payment });
    await api.call('refundPayment', { token: staff, params: of_payment, headers: { 'idempotency-key': 'refund-1' } });
    await api.call('shipOrder', { token: staff, params });
    await api.call('completeOrder', { token: staff, params });
    await api.call('watchOrder', { token: customer, params });
    await api.call('watchOrder', { token: customer, params, headers: { 'last-event-id': '999999999999999' }, status: 204 });
    await api.call('watchOrder', { token: customer, params, headers: { accept: 'text/html' }, status: 406 });
    const { body: other } = await order({ expected_total: 259.9 });
    await api.call('cancelOrder', { token: customer, params: { order_id: String((other as Json)['id']) } });
    let notification_id = '';
    await until(async () => {
      const { notifications } = (await api.call('getNotificationHistory', { token: customer })).body as { notifications: { id: string }[] };
      notification_id = notifications[0]?.id ?? '';
      return notification_id === '' ? 'no message yet' : undefined;
    });
    await api.call('getNotification', { token: customer, params: { notification_id } });
    await api.call('resendNotification', { token: staff, params: { notification_id } });
    await api.call('receiveWebhook', { params: { provider: 'sandbox' }, status: 400 });
  });

  it('shows what happens as it happens', async () => {
    await api.call('watchStock', { query: { product_ids: product_id } });
    await api.call('watchStock', { query: { product_ids: 'x' }, status: 400 });
    await api.call('watchShop', { token: staff });
    await api.call('watchShop', { token: customer, status: 403 });
    await api.call('openWebSocket', { status: 426 });
  });

  it('gives programs keys of their own', async () => {
    const created = await api.call('createApiKey', { token: admin, body: (example) => ({ ...example, scopes: ['orders:read'] }) });
    const { id, key } = created.body as { id: string; key: string };
    await api.call('listOrders', { token: key });
    await api.call('listStock', { token: key, status: 403 });
    await api.call('getMe', { token: key, status: 403 });
    await api.call('listApiKeys', { token: admin, query: { limit: '2' } });
    await api.call('deleteApiKey', { token: admin, params: { key_id: id } });
    await api.call('deleteApiKey', { token: admin, params: { key_id: unknownId }, status: 404 });
  });

  it('shows operators how the shop is', async () => {
    await api.call('getAudit', { token: staff, query: { run: 'now' } });
    await api.call('getStatus', { token: staff });
    await api.call('getStatusPage');
    const params = { service: 'orders' };
    await api.call('listDeadLetters', { token: staff, params });
    await api.call('getDeadLetter', { token: staff, params, status: 404 });
    await api.call('discardDeadLetter', { token: staff, params, status: 404 });
    await api.call('replayDeadLetters', { token: staff, params });
  });

  it('answers documents of the graph, and what is wrong with them', () =>
    documentsAreAnswered(api, { token: customer, user_id: customer_id }));

  it('has a reference', async () => {
    for (const name of ['getHome', 'getOpenApi', 'getAsyncApi', 'getGuides', 'getEventReference', 'listProblems', 'getProblem'])
      await api.call(name);
    const page = await api.call('getServiceReference', { params: { service: 'orders' } });
    await api.call('getServiceReference', {
      params: { service: 'orders' },
      headers: { 'if-none-match': page.headers.get('etag') ?? '' },
      status: 304,
    });
    await api.call('getReferenceAsset', { params: { name: 'reference.css' } });
    await api.call('getHome', { headers: { accept: '*/*;q=0' }, status: 406 });
    assert.equal((await fetch(souk.gateway_url, { method: 'HEAD' })).status, 200);
    const options = await fetch(`${souk.gateway_url}/docs`, { method: 'OPTIONS' });
    assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, HEAD, OPTIONS']);
    assert.equal((await fetch(`${souk.gateway_url}/docs/`)).status, 404);
  });

  it('refuses as it says: without a token, with a wrong one, with too little of a role, what is not there, what is not valid', async () => {
    for (const { operation_id, described, path } of api.operations) {
      const access = described['x-souk-access'];
      await api.call(operation_id, { token: 'a.forged.token', status: 401 });
      if (access !== 'public') await api.call(operation_id, { status: 401 });
      if (access === 'staff' || access === 'admin') await api.call(operation_id, { token: customer, status: 403 });
      const requestBody = described['requestBody'] as Json | undefined;
      if (requestBody === undefined || path.includes('/webhooks/') || access !== 'public') continue;
      await api.call(operation_id, { body: () => '{', status: 400 });
      await api.call(operation_id, { body: () => ({ never_declared: 1 }), status: 400 });
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
    await api.call('confirmPasswordReset', { status: 400 });
    await api.call('verifyEmail', { status: 400 });
    await api.call('archiveProduct', { token: staff, params: { product_id } });
    await api.call('logoutEverywhere', { token: customer });
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
    assert.deepEqual(never.sort(), [
      'confirmPasswordReset',
      'discardDeadLetter',
      'getDeadLetter',
      'openWebSocket',
      'receiveWebhook',
      'verifyEmail',
    ]);
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

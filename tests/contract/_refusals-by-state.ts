/** Refusals that follow from what there is already: conflicts, changes by others, keys that were used, ranges behind the end. */
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { linkTo } from './_calls.ts';
import { type Pictured, picture } from './_catalogue.ts';
import { moneyComesBack } from './_money-back.ts';
import { drillsAreAnswered } from './_operations.ts';
import type { Call, Json, PublishedApi } from './_published-api.ts';
import type { Callers } from './_refusals.ts';
import { linkedReturnsAreMade, returnsAreRefused } from './_returns.ts';

const password = 'four red sails at noon';
const keysMax = 20;
const cartLinesMax = 100;
const zonesMax = 100;
const automaticMax = 50;
const addressesMax = 20;
const webhooksMax = 50;
const webhookSecretsMax = 5;
const stale = { 'if-match': '"0"' };

export async function refusedByState(api: PublishedApi, callers: Callers): Promise<void> {
  const token = await accounts(api, callers);
  const product_id = await catalogue(api, callers);
  await orders(api, callers, product_id);
  await cart(api, callers);
  await stock(api, callers, product_id);
  await pricing(api, callers);
  await promotions(api, callers);
  await forms(api, callers, product_id);
  await administrator(api, callers, token);
  await drillsAreAnswered(api, callers);
}

const idOf = async (api: PublishedApi, operation_id: string, call: Call = {}): Promise<string> =>
  String(((await api.call(operation_id, call)).body as Json)['id']);
const refuses =
  (api: PublishedApi) =>
  (operation_id: string, status: number, call: Call = {}): Promise<unknown> =>
    api.call(operation_id, { ...call, status });

/** Answers the token of a new customer. */
async function accounts(api: PublishedApi, { admin }: Callers): Promise<string> {
  const refused = refuses(api);
  const user_id = await idOf(api, 'registerUser', {});
  await refused('registerUser', 409);
  const { body: pair } = await api.call('login');
  const token = String((pair as Json)['access_token']);
  const of_user = { user_id };
  for (const operation_id of ['putUser', 'changeUser', 'deleteUser'])
    await refused(operation_id, 412, { token, params: of_user, headers: stale });
  await refused('setRole', 412, { token: admin, params: of_user, headers: stale });
  await api.call('registerUser', { body: (example) => ({ ...example, username: 'other.one', email: 'other.one@shop.example' }) });
  for (const operation_id of ['putUser', 'changeUser'])
    await refused(operation_id, 409, { token, params: of_user, body: () => ({ username: 'other.one', current_password: password }) });
  await refused('confirmSecondFactor', 409, { token });
  await refused('claimAccount', 409, { token });
  await refused('linkGuests', 409, { token });
  return token;
}

/** Answers a product. */
async function catalogue(api: PublishedApi, { staff }: Callers): Promise<string> {
  const refused = refuses(api);
  const product_id = await idOf(api, 'createProduct', { token: staff });
  const of_product = { product_id };
  for (const operation_id of ['replaceProduct', 'changeProduct', 'archiveProduct'])
    await refused(operation_id, 412, { token: staff, params: of_product, headers: stale });
  await refused('createProduct', 409, { token: staff });
  const other_id = await idOf(api, 'createProduct', { token: staff, body: (example) => ({ ...example, sku: 'LAMP-ASH' }) });
  for (const operation_id of ['replaceProduct', 'changeProduct'])
    await refused(operation_id, 409, {
      token: staff,
      params: { product_id: other_id },
      body: (example) => ({ ...example, sku: 'LAMP-OAK' }),
    });

  await categories(api, staff);
  await pictures(api, staff, product_id);
  const [{ image_url } = { image_url: '' }] = (await api.call('listProducts', { query: { limit: '1', sort: 'name' } })).body as {
    image_url: string;
  }[];
  await refused('getPicture', 416, { params: { name: image_url.split('/').at(-1) ?? '' }, headers: { range: 'bytes=9999999-' } });
  await refused('openWebSocket', 426);
  return product_id;
}

/** A name that is taken, a place that cannot be, another version. */
async function categories(api: PublishedApi, token: string): Promise<void> {
  const refused = refuses(api);
  const named = { token, body: () => ({ name: 'Garden of refusals' }) };
  const category_id = await idOf(api, 'createCategory', named);
  await refused('createCategory', 409, named);
  const params = { category_id };
  await refused('changeCategory', 409, { token, params, body: () => ({ parent_id: category_id }) });
  await refused('changeCategory', 412, { token, params, headers: stale, body: () => ({ position: 1 }) });
}

async function pictures(api: PublishedApi, token: string, product_id: string): Promise<void> {
  const refused = refuses(api);
  const params = { product_id };
  const upload = { token, params, headers: { 'content-type': 'image/png' }, body: () => picture };
  const { images } = (await api.call('addProductImage', upload)).body as Pictured;
  const [{ hash, sources } = { hash: '', sources: [] }] = images;
  await refused('addProductImage', 412, { ...upload, headers: { ...upload.headers, ...stale } });
  const arranged = { token, params, body: () => ({ images: [{ hash, alt: '' }] }) };
  await refused('arrangeProductImages', 412, { ...arranged, headers: stale });
  await refused('removeProductImage', 412, { token, params: { product_id, hash }, headers: stale });
  const { body: groups } = await api.call('listGroups', { query: { limit: '2', sort: 'name' } });
  const [one, other] = (groups as { handle: string }[]).map(({ handle }) => handle);
  await refused('renameGroup', 409, { token, params: { handle: one ?? '' }, body: () => ({ handle: other }) });
  await refused('getMedia', 416, { params: { name: sources[0]?.url.split('/').at(-1) ?? '' }, headers: { range: 'bytes=9999999-' } });
  const archived = { product_id: await idOf(api, 'createProduct', { token, body: (example) => ({ ...example, sku: 'LAMP-OLD' }) }) };
  await api.call('archiveProduct', { token, params: archived });
  await refused('addProductImage', 409, { ...upload, params: archived });
  await refused('arrangeProductImages', 409, { ...arranged, params: archived });
  await refused('removeProductImage', 409, { token, params: { ...archived, hash } });
}

async function orders(api: PublishedApi, { customer, staff }: Callers, product_id: string): Promise<void> {
  const refused = refuses(api);
  const order = (body: Json, headers: Record<string, string> = {}): Call => ({
    token: customer,
    headers: { prefer: 'wait=20', ...headers },
    body: (example) => ({ ...example, items: [{ product_id, quantity: 2 }], ...body }),
  });
  await refused('placeOrder', 409, order({ expected_total: 1 }));
  const order_id = await idOf(api, 'placeOrder', order({}, { 'idempotency-key': 'cart-1' }));
  await refused('placeOrder', 422, order({ payment_method: 'tok_slow' }, { 'idempotency-key': 'cart-1' }));
  const of_order = { order_id };
  for (const [operation_id, by] of [
    ['cancelOrder', customer],
    ['shipOrder', staff],
    ['completeOrder', staff],
  ] as const)
    await refused(operation_id, 412, { token: by, params: of_order, headers: stale });
  await refused('completeOrder', 409, { token: staff, params: of_order });
  const linked = await linkTo(api, customer, order_id);
  const [payment] = (await api.call('listPayments', { token: customer, query: { order_id } })).body as { id: string }[];
  const of_payment = { payment_id: payment?.id ?? '' };
  const refund = (amount: number): Call => ({
    token: staff,
    params: of_payment,
    headers: { 'idempotency-key': 'refund-1' },
    body: (example) => ({ ...example, amount }),
  });
  await api.call('refundPayment', refund(1));
  await refused('refundPayment', 422, refund(2));
  await refused('refundPayment', 409, { ...refund(100_000), headers: {} });
  await moneyComesBack(api, { customer, staff, product_id });
  const parcel = (items: Json[] | undefined, headers: Record<string, string> = {}): Call => ({
    token: staff,
    params: of_order,
    headers,
    body: (example) => ({ ...example, items }),
  });
  await refused('sendParcel', 412, parcel(undefined, stale));
  await refused('sendParcel', 409, parcel([{ product_id, quantity: 3 }]));
  await api.call('sendParcel', parcel([{ product_id, quantity: 1 }], { 'idempotency-key': 'parcel-1' }));
  await refused('sendParcel', 422, parcel(undefined, { 'idempotency-key': 'parcel-1' }));
  await api.call('shipOrder', { token: staff, params: of_order });
  await refused('cancelOrder', 409, { token: customer, params: of_order });
  await returnsAreRefused(api, { staff, customer, order_id, product_id });
  await refused('cancelLinkedOrder', 409, { headers: linked });
  await linkedReturnsAreMade(api, linked, product_id);
  const cancelled = { order_id: await idOf(api, 'placeOrder', order({})) };
  await api.call('cancelOrder', { token: customer, params: cancelled });
  await refused('shipOrder', 409, { token: staff, params: cancelled });
}

async function cart(api: PublishedApi, { customer }: Callers): Promise<void> {
  const refused = refuses(api);
  await refused('putCart', 428, { token: customer });
  // A cart that was never written is at version 0.
  await refused('putCart', 412, { token: customer, headers: { 'if-match': '"another"' } });
  const lines = (count: number) => Array.from({ length: count }, () => ({ product_id: randomUUID(), quantity: 1 }));
  for (let filled = 0; filled < 2; filled += 1)
    await api.call('mergeCart', { token: customer, body: () => ({ lines: lines(cartLinesMax) }) });
  await refused('mergeCart', 409, { token: customer });
}

async function stock(api: PublishedApi, { staff }: Callers, product_id: string): Promise<void> {
  const refused = refuses(api);
  const of_product = { product_id };
  const adjust = (quantity_change: number, key?: string): Call => ({
    token: staff,
    params: of_product,
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    body: (example) => ({ ...example, quantity_change }),
  });
  await api.call('adjustStock', adjust(1, 'delivery-1'));
  await refused('adjustStock', 422, adjust(2, 'delivery-1'));
  await refused('adjustStock', 409, adjust(-1_000_000));
  for (const [operation_id, body] of [
    ['adjustStocks', (quantity_change: number) => ({ items: [{ product_id, quantity_change, reason: 'x' }] })],
    ['saveProducts', (price: number) => ({ items: [{ product_id, price }] })],
  ] as const) {
    const headers = { 'idempotency-key': 'batch-1' };
    await api.call(operation_id, { token: staff, headers, body: () => body(1) });
    await refused(operation_id, 422, { token: staff, headers, body: () => body(2) });
  }
}

async function pricing(api: PublishedApi, { staff: token }: Callers): Promise<void> {
  const refused = refuses(api);
  await api.call('putTaxCountry', { token });
  for (const operation_id of ['putTaxCountry', 'deleteTaxCountry']) await refused(operation_id, 412, { token, headers: stale });
  const rate = { rate_id: await idOf(api, 'createTaxRate', { token }) };
  await refused('createTaxRate', 409, { token });
  const ended = { rate_id: await idOf(api, 'createTaxRate', { token, body: (example) => ({ ...example, tax_class: 'reduced' }) }) };
  await refused('replaceTaxRate', 409, { token, params: ended, body: ({ valid_until: _ends, ...example }) => example });
  for (const operation_id of ['replaceTaxRate', 'deleteTaxRate']) await refused(operation_id, 412, { token, params: rate, headers: stale });
  const zone_id = await idOf(api, 'createShippingZone', { token });
  for (const operation_id of ['replaceShippingZone', 'deleteShippingZone'])
    await refused(operation_id, 412, { token, params: { zone_id }, headers: stale });
  const inZone = (code: string) => (example: Json) => ({ ...example, zone_id, code });
  const method = { method_id: await idOf(api, 'createShippingMethod', { token, body: inZone('post') }) };
  await refused('createShippingMethod', 409, { token, body: inZone('post') });
  const other = { method_id: await idOf(api, 'createShippingMethod', { token, body: inZone('courier') }) };
  await refused('replaceShippingMethod', 409, { token, params: other, body: inZone('post') });
  for (const operation_id of ['replaceShippingMethod', 'deleteShippingMethod'])
    await refused(operation_id, 412, { token, params: method, headers: stale });
  await refused('deleteShippingZone', 409, { token, params: { zone_id } });
  const lines = Array.from({ length: 10_001 }, (_all, line) => `PT,c${line},IVA,6`);
  await refused('importTaxRates', 409, { token, body: () => ['country,tax_class,name,rate_percent', ...lines].join('\n') });
  for (let count = 1; count < zonesMax; count += 1) await api.call('createShippingZone', { token });
  await refused('createShippingZone', 409, { token });
}

async function promotions(api: PublishedApi, { staff: token }: Callers): Promise<void> {
  const refused = refuses(api);
  const params = { promotion_id: await idOf(api, 'createPromotion', { token }) };
  await refused('changePromotion', 412, { token, params, headers: stale });
  const named: Call = { token, params, body: () => ({ code: 'Welcome' }) };
  await api.call('createPromotionCodes', named);
  await refused('createPromotionCodes', 409, named);
  const automatic = (example: Json): Json => ({ ...example, automatic: true });
  for (let count = 0; count < automaticMax; count += 1) await api.call('createPromotion', { token, body: automatic });
  await refused('createPromotion', 409, { token, body: automatic });
  await refused('changePromotion', 409, { token, params, body: automatic });
}

/** What people send by pages of the shop, and the address book that some of them fill. */
async function forms(api: PublishedApi, { customer: token }: Callers, product_id: string): Promise<void> {
  const refused = refuses(api);
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };
  const sent = (members: Record<string, string>): Call => ({ headers, body: () => new URLSearchParams(members).toString() });
  for (const operation_id of ['submitSignIn', 'submitRegister']) await refused(operation_id, 422, sent({}));
  for (const operation_id of ['submitPasswordReset', 'submitVerifyEmail'])
    await refused(operation_id, 422, sent({ token: 'x'.repeat(40), password }));
  const filled = await api.call('changeCart', sent({ product_id, quantity: '1', change: 'add' }));
  const cookie = filled.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  await refused('checkOut', 409, { ...sent({ cart: 'of-another-page' }), headers: { ...headers, cookie } });
  const guest = (email: string): Call => ({
    headers: { 'idempotency-key': 'a-guest-of-the-refusals-001' },
    body: (example) => ({ ...example, email }),
  });
  await api.call('openGuest', guest('one@shop.example'));
  await refused('openGuest', 422, guest('two@shop.example'));
  const address = { address_id: await idOf(api, 'addAddress', { token }) };
  await refused('changeAddress', 412, { token, params: address, headers: stale });
  // One that is there already is answered again.
  const another = (count: number): Call => ({ token, body: (example) => ({ ...example, label: `number ${count}` }) });
  for (let count = 1; count < addressesMax; count += 1) await api.call('addAddress', another(count));
  await refused('addAddress', 409, another(addressesMax));
}

async function webhooks(api: PublishedApi, token: string): Promise<void> {
  const refused = refuses(api);
  const of_webhook: Call = { token, params: { webhook_id: await idOf(api, 'createWebhook', { token }) } };
  for (const operation_id of ['changeWebhook', 'deleteWebhook', 'rotateWebhookSecret'])
    await refused(operation_id, 412, { ...of_webhook, headers: stale });
  for (let count = 0; count < webhookSecretsMax - 1; count += 1) await api.call('rotateWebhookSecret', of_webhook);
  await refused('rotateWebhookSecret', 409, of_webhook);
  await api.call('changeWebhook', of_webhook);
  for (const operation_id of ['pingWebhook', 'replayDeliveries']) await refused(operation_id, 409, of_webhook);
  for (let count = 1; count < webhooksMax; count += 1) await api.call('createWebhook', { token });
  await refused('createWebhook', 409, { token });
}

async function administrator(api: PublishedApi, { admin, admin_password }: Callers, token: string): Promise<void> {
  const refused = refuses(api);
  // The one administrator stays, and has as many keys as anybody.
  const of_admin = { user_id: await idOf(api, 'getMe', { token: admin }) };
  await refused('setRole', 409, { token: admin, params: of_admin, body: () => ({ role: 'customer' }) });
  await refused('deleteUser', 409, { token: admin, params: of_admin, body: () => ({ current_password: admin_password }) });
  const keys = ((await api.call('listApiKeys', { token: admin, query: { limit: '100' } })).body as unknown[]).length;
  for (let count = keys; count < keysMax; count += 1) await api.call('createApiKey', { token: admin });
  await refused('createApiKey', 409, { token: admin });

  await webhooks(api, admin);
  const { secret } = (await api.call('enrolSecondFactor', { token })).body as { secret: string };
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await api.call('confirmSecondFactor', { token, body: () => ({ code: totp.generate() }) });
  await refused('enrolSecondFactor', 409, { token });
}

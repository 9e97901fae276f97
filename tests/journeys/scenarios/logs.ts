import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  cancelOrder,
  confirmPasswordReset,
  getMe,
  getNotificationHistory,
  login,
  logout,
  placeOrder,
  refreshLogin,
  registerUser,
  requestPasswordReset,
} from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { readExposition, sampleOf } from '../_exposition.ts';
import { type MailServer, startMailServer } from '../_mail-server.ts';
import { doubledKeys } from '../_strict-json.ts';
import { buy, openShop, type Shop, scraper, shipping_address, type WorldName } from '../_support.ts';

interface Line {
  level: string;
  service?: string;
  instance_id?: string;
  msg: string;
  [member: string]: unknown;
}

const parsed = (lines: readonly string[]): Line[] => lines.map((line) => JSON.parse(line) as Line);
const postal = { ...shipping_address, street: '77 Confidential Crescent' };

/** What the platform writes down, and what it must never write down. */
export function logScenarios(world: WorldName): void {
  describe(`the log in the ${world} world`, () => {
    const lines: string[] = [];
    let shop: Shop;
    let mail: MailServer;
    before(async () => {
      mail = await startMailServer();
      const env = { SMTP_URL: mail.url, SHOP_URL: 'http://shop.example', SEND_RETRY_FIRST_MS: '50', SEND_ATTEMPTS_MAX: '2' };
      shop = await openShop({ world, env, log: { level: 'debug', write: (line) => void lines.push(line) } });
    });
    after(async () => {
      await shop.souk.stop();
      await mail.close();
    });
    const since = async (from: number, wanted: (line: Line) => boolean, what: string): Promise<Line> => {
      const found = (): Line | undefined => parsed(lines.slice(from)).find(wanted);
      await until(async () => (found() ? undefined : `no line: ${what}`), 20_000);
      return found() as Line;
    };

    test('a checkout leaves a line for each request and each batch, with its story, its trace, its service and its instance', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(2)];
      const from = lines.length;
      const correlation_id = systemIds.uuid();
      const items = [{ product_id: product.id, quantity: 1 }];
      const wanted = { items, shipping_address: postal, payment_method: 'tok_visa' };
      const { headers } = await shopper.api.expect(201, placeOrder, { body: wanted, wait_s: 20, correlation_id });
      assert.equal(headers['x-correlation-id'], correlation_id);
      const reported = (line: Line): boolean =>
        line['correlation_id'] === correlation_id || ((line['correlation_ids'] as string[] | undefined)?.includes(correlation_id) ?? false);
      for (const service of ['gateway', 'orders']) {
        const line = await since(from, (one) => one.msg === 'request' && one.service === service && reported(one), service);
        assert.deepEqual([line.level, line['method'], line['route'], line['status']], ['info', 'POST', '/api/orders', 201]);
        assert.match(String(line['trace_id']), /^[0-9a-f]{32}$/);
        assert.equal(typeof line['ms'], 'number');
        assert.match(line.instance_id ?? '', new RegExp(`^${service}-`));
      }
      for (const queue of ['inventory.reserve-stock', 'orders.checkout', 'payments.create-payment', 'notifications.notify-customer']) {
        // What comes before something that it needs is tried again: a line more.
        const isDone = (one: Line): boolean =>
          one.msg === 'batch handled' && one['queue'] === queue && one['outcome'] === 'done' && reported(one);
        const line = await since(from, isDone, queue);
        assert.deepEqual([line.level, line.service], ['info', queue.split('.')[0]]);
        assert.ok(Array.isArray(line['event_types']) && Number(line['size']) >= 1 && Number(line['ms']) >= 0, JSON.stringify(line));
        assert.ok('trace_id' in line || 'trace_ids' in line, JSON.stringify(line));
      }
    });

    test('no line holds a key twice, at the start and in a checkout', () => {
      assert.deepEqual(doubledKeys('{"a":{"b":1,"c":[{"b":2}]},"b":"\\"a\\":","a" :2}'), ['"a"']);
      assert.ok(lines.length > 60, String(lines.length));
      assert.deepEqual(
        lines.filter((line) => doubledKeys(line).length > 0),
        [],
      );
    });

    test('nothing secret and nothing personal is in any line, whatever goes wrong, though everything is written down', async () => {
      const secrets: string[] = [postal.street, 'Confidential'];
      const person = (kind: string) => {
        const name = `${kind}${systemIds.uuid().replaceAll('-', '').slice(12, 30)}`;
        const made = { username: name, email: `${name}@private.example`, full_name: 'Carla Customer', password: `pass phrase of ${name}` };
        secrets.push(made.email, made.password);
        return made;
      };
      await resetsAPassword(shop, mail, person('kept'), secrets);
      await fails(shop, person('kept'), secrets);
      for (const kind of ['refused', 'later']) await shop.anonymous.expect(201, registerUser, { body: person(kind) });
      await until(async () => (mail.refusals() >= 3 ? undefined : 'nothing refused yet'));
      await poison(shop, person('poison'));
      await since(0, (line) => line.msg === 'message moved to dead-letter queue', 'the poison');
      await since(0, (line) => line.msg === 'a message has failed', 'the refused mail');
      await shop.souk.settle();

      assert.ok(secrets.length >= 12 && lines.length > 200, `${secrets.length} secrets, ${lines.length} lines`);
      for (const line of lines) {
        for (const secret of secrets) assert.ok(!line.includes(secret), `${JSON.stringify(secret)} is in ${line}`);
        assert.doesNotMatch(line, /@(private|mail|souk)\.example|Bearer (?!\[redacted\])|\btok_|eyJ[\w-]{8}/, line);
      }
      for (const { level, service, msg } of parsed(lines))
        if (level === 'error') assert.equal(msg, 'message moved to dead-letter queue', `${service} calls this an error: ${msg}`);
    });

    test('when nothing happens nothing is written at the default level, while everything stays in touch', async () => {
      await until(async () => {
        const { notifications } = (await shop.staff.expect(200, getNotificationHistory, { query: {} })).body;
        return notifications.some(({ status }) => status === 'pending') ? 'mail is still on its way' : undefined;
      }, 60_000);
      await shop.souk.settle();
      const heartbeats = async (): Promise<number> => {
        const { series } = readExposition(await (await fetch(`${shop.souk.gateway_url}/metrics`, { headers: scraper(shop) })).text());
        return sampleOf(series, 'souk_http_requests_total', { route: '/registry/services/{name}/{instance_id}' }) ?? 0;
      };
      const [from, before] = [lines.length, await heartbeats()];
      // Every service has registered again, twice.
      await until(async () => ((await heartbeats()) >= before + 12 ? undefined : 'services are silent'), 60_000);
      const loud = parsed(lines.slice(from)).filter(({ level }) => level !== 'debug');
      assert.deepEqual(loud, []);
    });
  });
}

interface Person {
  username: string;
  email: string;
  full_name: string;
  password: string;
}

/** Signs up, orders, forgets the password and sets a new one with the link from the mail, which works once. */
async function resetsAPassword(shop: Shop, mail: MailServer, person: Person, secrets: string[]): Promise<void> {
  const { anonymous } = shop;
  await anonymous.expect(201, registerUser, { body: person });
  const tokens = (await anonymous.expect(200, login, { body: { login: person.email, password: person.password } })).body;
  secrets.push(tokens.access_token, tokens.refresh_token);
  const api = anonymous.with({ token: tokens.access_token });
  const product = await shop.aProduct(5);
  const bought = await buy({ user_id: '', email: person.email, password: person.password, api }, product, {
    payment_method: 'tok_timeout',
  });
  await api.call(cancelOrder, { params: { order_id: bought.id }, body: { reason: 'I said so' } });
  await anonymous.expect(202, requestPasswordReset, { body: { email: person.email } });
  const link = /(verify-email|password-reset)\?token(?:=3D|=)([\w.%-]{20,})/g;
  const links = (): { purpose: string; token: string }[] =>
    mail.taken
      .filter((text) => text.includes(person.email))
      .flatMap((text) => [...text.replaceAll('=\n', '').matchAll(link)].map(([, purpose = '', token = '']) => ({ purpose, token })));
  const reset = (): string | undefined => links().find(({ purpose }) => purpose === 'password-reset')?.token;
  await until(async () => (reset() === undefined ? 'no link yet' : undefined), 20_000);
  const token = required(reset(), 'the link');
  secrets.push(...links().map((one) => one.token));
  const password = `another phrase of ${person.username}`;
  secrets.push(password);
  await anonymous.expect(204, confirmPasswordReset, { body: { token, password } });
  assert.equal((await anonymous.call(confirmPasswordReset, { body: { token, password } })).status, 400);
  const again = (await anonymous.expect(200, login, { body: { login: person.username, password } })).body;
  secrets.push(again.refresh_token);
  const next = (await anonymous.expect(200, refreshLogin, { body: { refresh_token: again.refresh_token } })).body;
  secrets.push(next.refresh_token);
  await anonymous.expect(200, refreshLogin, { body: { refresh_token: next.refresh_token } });
  // The one before the last is good once more for a moment; what is older was stolen.
  assert.equal((await anonymous.call(refreshLogin, { body: { refresh_token: again.refresh_token } })).status, 401);
  await anonymous.call(logout, { body: { refresh_token: again.refresh_token } });
}

/** What people and programs get wrong with secrets in their hands. */
async function fails(shop: Shop, person: Person, secrets: string[]): Promise<void> {
  const { anonymous } = shop;
  const shopper = await shop.aShopper();
  const product = await shop.aProduct(1);
  await anonymous.expect(201, registerUser, { body: person });
  assert.equal((await anonymous.call(registerUser, { body: person })).status, 409);
  assert.equal((await anonymous.call(registerUser, { body: { ...person, email: `${person.email} x`, username: 'a' } })).status, 400);
  assert.equal((await anonymous.call(login, { body: { login: person.email, password: `${person.password} wrong` } })).status, 401);
  const forged = `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJub2JvZHkifQ.${systemIds.secret(32)}`;
  secrets.push(forged);
  assert.equal((await anonymous.with({ token: forged }).call(getMe)).status, 401);
  const items = [{ product_id: product.id, quantity: 1 }];
  for (const content of [`{"password":"${person.password}`, `{"login":"${person.email}","password":"${person.password}","password":"x"}`])
    assert.equal((await anonymous.call(login, { content, headers: { 'content-type': 'application/json' } } as never)).status, 400);
  for (const payment_method of ['tok_declined', 'tok_error_once', 'tok_slow', 'tok_unknown_to_all'])
    await shopper.api.call(placeOrder, { body: { items, shipping_address: postal, payment_method } });
  const wrong = { items, shipping_address: { ...postal, street: postal.street.repeat(50) }, payment_method: 'tok_visa' };
  assert.equal((await shopper.api.call(placeOrder, { body: wrong })).status, 400);
  await shop.souk.stopService('payments');
  await shopper.api.call(placeOrder, { body: { items, shipping_address: postal, payment_method: 'tok_visa' } });
  await shop.souk.startService('payments');
}

/** Messages no consumer can handle, with personal data in them. */
async function poison(shop: Shop, person: Person): Promise<void> {
  const event = (body: string) => ({
    message_id: systemIds.uuid(),
    routing_key: 'user.registered',
    body,
    correlation_id: systemIds.uuid(),
    headers: {},
    mandatory: true,
  });
  const whole = JSON.stringify({ event_type: 'user.registered', ...person, shipping_address: postal });
  await shop.souk.world.broker.publishTo('notifications.send-account-mail', [
    event(whole),
    event(whole.slice(0, -3)),
    event(`{"street":"${postal.street}" oops`),
    event(person.email),
  ]);
}

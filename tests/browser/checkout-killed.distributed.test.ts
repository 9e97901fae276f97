/** Guests and customers buy while one service after the other is killed: before they press, while their order is on its way, and while it waits. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import {
  getNotificationHistory,
  getOrderHistory,
  listOrders,
  listPayments,
  listProducts,
  type Order,
  type OrderTransition,
  registerUser,
} from '@souk/contracts';
import { pause, required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { aShopProcess } from '@souk/platform/testing/shop-process';
import { type Looker, openBrowser } from './_browser.ts';
import { type Buyer, fillsCart, fillsIn, insists, type Look, presses } from './_buyer.ts';

/** Together are those whose loss a customer sees in different places. */
const rounds = [['orders'], ['inventory', 'payments', 'products'], ['web', 'notifications'], ['users', 'gateway']] as const;
type Victim = (typeof rounds)[number][number];
/** A request is in the middle of the shop, and its charge has not ended. */
const onItsWayMs = 150;
/** A status that has ended may be shown so much later: what asks and what answers are busy, and one of them is killed. */
const staleMs = 3_000;
const password = 'a long enough passphrase 7';

const browser = await openBrowser();
const shop = browser && (await aShopProcess({ RATE_LIMIT: 'off', SOUK_BENCH: '1' }, ['up', '--replicas', 'gateway=2']));

/** On a machine that is busy with other things; it takes about a minute. */
const timeout = 420_000;

describe('a checkout in a browser while services are killed', { timeout }, () => {
  before(() => shop?.start());
  after(async () => {
    await browser?.close();
    await shop?.end();
  });

  it('every page says what is true, no form is two orders, nothing is lost, and the books balance', { timeout }, async (t) => {
    if (!browser || !shop) return;
    const tokenOf = async (role: string): Promise<string> => (await shop.souk('token', '--role', role)).stdout.trim();
    const anonymous = createTestClient({ base_url: shop.gateway_url });
    const staff = anonymous.with({ token: await tokenOf('staff') });
    const { body: products } = await staff.expect(200, listProducts, { query: { in_stock: true, limit: 1 } });
    const product_id = required(products[0], 'a product').id;
    const account = await aCustomer(browser, anonymous, shop.gateway_url);
    const buyers: Buyer[] = [];
    for (const [index, victims] of rounds.entries()) {
      const began = performance.now();
      const killed = victims.join(' and ');
      const guest = await aGuest(browser, { name: `Guest ${killed}`, url: shop.gateway_url });
      const customer = { ...account, name: `Customer ${killed}`, looks: [] };
      buyers.push(guest, customer);
      const [now, later] = index % 2 === 0 ? [guest, customer] : [customer, guest];
      await killedInTheMiddle({ now, later, product_id, kill: () => Promise.all(victims.map(killOne)) });
      await guest.page.context().close();
      await until(async () => ((await isHealthy(shop.gateway_url)) ? undefined : `${killed} is not back`), 60_000);
      t.diagnostic(`${killed}: ${Math.round(performance.now() - began)} ms; ${guest.looks.length}, ${customer.looks.length} pages`);
    }
    await everythingWasTrue(staff, buyers);
    const audit = await shop.souk('audit', '--grace', '15');
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);
    t.diagnostic(audit.stdout.trim().split('\n').at(-1) ?? '');
  });
});

async function killOne(victim: Victim): Promise<void> {
  const [pid] = await required(shop, 'a shop').pidsOf(new RegExp(`services/${victim}/src/main`));
  process.kill(required(pid, victim), 'SIGKILL');
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health`).catch(() => undefined);
  const health = (await answer?.json().catch(() => undefined)) as { status?: string } | undefined;
  return health?.status === 'healthy';
}

async function aGuest({ open }: Looker, { name, url }: { name: string; url: string }): Promise<Buyer> {
  const { page } = await open({ script: false });
  return { name, email: `${name.toLowerCase().replaceAll(' ', '-')}@mail.example`, url, page, looks: [] };
}

async function aCustomer({ open }: Looker, anonymous: Client, url: string): Promise<Buyer> {
  const username = 'killed-customer';
  const email = `${username}@mail.example`;
  await anonymous.expect(201, registerUser, { body: { username, email, full_name: 'Carla Customer', password } });
  const { page } = await open({ script: false });
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('User name or e-mail address').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  return { name: username, email, url, page, looks: [] };
}

interface Round {
  /** Their order is on its way when it happens. */
  now: Buyer;
  /** Goes to the checkout when it has happened. */
  later: Buyer;
  product_id: string;
  kill(): Promise<unknown>;
}

async function killedInTheMiddle({ now, later, product_id, kill }: Round): Promise<void> {
  await Promise.all([now, later].map((buyer) => fillsCart(buyer, product_id)));
  await fillsIn(now);
  const sent = now.page.waitForRequest((request) => request.method() === 'POST');
  const pressed = presses(now);
  await sent;
  await pause(onItsWayMs);
  await kill();
  const arrives = async (): Promise<string> => {
    await pressed;
    return insists(now);
  };
  const [one, other] = await Promise.all([arrives(), insists(later)]);
  assert.notEqual(one, other, 'each has an order of their own');
}

async function everythingWasTrue(staff: Client, buyers: readonly Buyer[]): Promise<void> {
  const orders = (await staff.expect(200, listOrders, { query: { limit: 100 } })).body;
  assert.equal(orders.length, buyers.length, 'an order for each who bought, and no other');
  const order_ids = orders.map(({ id }) => id).join(',');
  const payments = (await staff.expect(200, listPayments, { query: { order_ids, limit: 100 } })).body;
  for (const buyer of buyers) {
    const own = orders.filter(({ shipping_address }) => shipping_address?.full_name === buyer.name);
    assert.equal(own.length, 1, `${buyer.name} has one order`);
    const [order] = own as [Order];
    const history = (await staff.expect(200, getOrderHistory, { params: { order_id: order.id } })).body;
    for (const look of buyer.looks) isTrue(buyer, look, { order, history });
    const paid = payments.filter(({ order_id }) => order_id === order.id);
    assert.deepEqual(
      paid.map(({ captured_amount, refunded_amount }) => [captured_amount, refunded_amount]),
      [[order.total_amount, 0]],
      `${buyer.name} is charged once`,
    );
    await until(async () => {
      const { notifications } = (await staff.expect(200, getNotificationHistory, { query: { order_id: order.id } })).body;
      const sent = notifications.filter(({ event_type }) => event_type === 'order.confirmed');
      assert.ok(sent.length <= 1, `${buyer.name} is sent one mail`);
      return sent[0]?.status === 'sent' ? undefined : `the mail to ${buyer.name} has not left`;
    }, 30_000);
  }
}

/** What a page said was so at some moment between the request for it and its answer. */
function isTrue({ name }: Buyer, look: Look, { order, history }: { order: Order; history: readonly OrderTransition[] }): void {
  const said = `${name} read, ${new Date(look.from_ms).toISOString()} to ${new Date(look.to_ms).toISOString()}:\n${look.words}\n${JSON.stringify(history)}`;
  const taken_ms = Date.parse(order.created_at);
  if (look.says_not_taken) assert.ok(taken_ms < look.from_ms || taken_ms > look.to_ms, `it was taken by this press. ${said}`);
  if (look.status === undefined) return;
  const began = history.find(({ to, from }) => to === look.status && from !== to);
  const ended = history.find(({ from, to }) => from === look.status && to !== from);
  assert.ok(began !== undefined && Date.parse(began.at) <= look.to_ms, `it was not so yet. ${said}`);
  if (ended !== undefined) assert.ok(Date.parse(ended.at) >= look.from_ms - staleMs, `it was so no more. ${said}`);
}

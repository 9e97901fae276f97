/** What `souk audit` and `souk why` say of a shop in whole and of one that is not: one sentence, and the exit code of it. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { createProduct, login, type Order, placeOrder } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { startTestPlatform, type TestPlatform, until } from '@souk/platform/testing';
import { folder, souk } from './_commands.ts';

describe('souk audit and souk why', () => {
  let shop: TestPlatform;
  let order: Order;
  const run = (...args: string[]) => souk(args, { SOUK_HOME: join(folder, 'home') });
  const oneSentence = /^souk: [^\n]+\n$/;

  before(async () => {
    shop = await startTestPlatform();
    const home = join(folder, 'home');
    const names = ['gateway', 'users', 'products', 'orders', 'notifications', 'inventory', 'payments', 'operations'] as const;
    const urls = Object.fromEntries(names.map((name) => [name, name === 'gateway' ? shop.gateway_url : shop.urlOf(name)]));
    await mkdir(join(home, 'secrets'), { recursive: true });
    await writeFile(join(home, 'secrets', 'internal_token'), `${shop.internal_token}\n`);
    const running = { pid: process.pid, started_at: '', gateway_url: shop.gateway_url, urls, postgres_port: null };
    await writeFile(join(home, 'running.json'), JSON.stringify(running));
    order = await anOrder();
    await shop.settle();
  });
  after(() => shop?.stop());

  async function anOrder(): Promise<Order> {
    const anonymous = createTestClient({ base_url: shop.gateway_url });
    const account = shop.accounts.find(({ role }) => role === 'staff');
    const { body } = await anonymous.expect(200, login, { body: { login: account?.username ?? '', password: account?.password ?? '' } });
    const staff = anonymous.with({ token: body.access_token });
    const product = (await staff.expect(201, createProduct, { body: { name: 'Rope', price: 5, currency: 'EUR', stock_quantity: 3 } })).body;
    const shipping_address = { full_name: 'Carla', street: '1 Square', city: 'Lisbon', postal_code: '1100', country: 'PT' };
    const items = [{ product_id: product.id, quantity: 1 }];
    return (await staff.expect(201, placeOrder, { body: { items, shipping_address, payment_method: 'tok_visa' }, wait_s: 20 })).body;
  }

  it('judge one order by its id and by its number, and say which is unknown', async () => {
    for (const named of [order.id, order.order_number, order.order_number.toLowerCase()]) {
      const { code, stdout, stderr } = await run('audit', '--order', named, '--grace', '0');
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^books balanced: 1 orders, 1 payments, 1 movements, 0 violations\n$/);
    }
    const explained = await run('why', order.order_number);
    assert.equal(explained.code, 0, explained.stderr);
    assert.match(explained.stdout, new RegExp(`^Order ${order.order_number} was placed on .*`));
    for (const unknown of [systemIds.uuid(), 'S-99999999']) {
      const audited = await run('audit', '--order', unknown);
      assert.deepEqual([audited.code, audited.stdout], [2, '']);
      assert.match(audited.stderr, /^souk: the books could not be audited: [^\n]+\n$/);
      const why = await run('why', unknown);
      assert.deepEqual([why.code, why.stdout, why.stderr], [1, '', `souk: There is no order ${unknown}.\n`]);
    }
    const wrong = await run('why', 'my order');
    assert.deepEqual([wrong.code, wrong.stdout], [64, '']);
    assert.match(wrong.stderr, /neither the id of an order nor its number/);
  });

  it('print a violation with the order, and JSON where it is asked for', async () => {
    const inventory = shop.databaseOf('inventory');
    await inventory.query(`update reservations set items = jsonb_set(items, '{0,quantity}', '3') where order_id = $1`, [order.id]);
    const { code, stdout } = await run('audit', '--order', order.id, '--grace', '0', '--json');
    assert.equal(code, 1);
    const { violations } = JSON.parse(stdout) as { violations: { rule: string; ids: string[] }[] };
    assert.deepEqual(violations.map(({ rule, ids }) => [rule, ids[0]]).sort(), [
      ['movements_differ', order.id],
      ['reserved_differs_from_items', order.id],
    ]);
    await inventory.query(`update reservations set items = jsonb_set(items, '{0,quantity}', '1') where order_id = $1`, [order.id]);
  });

  it('say which database is half migrated or empty, and change nothing', async () => {
    const payments = shop.databaseOf('payments');
    await payments.query('alter table refunds rename to refunds_gone');
    const half = await run('audit', '--grace', '0');
    assert.deepEqual([half.code, half.stdout], [2, '']);
    assert.match(
      half.stderr,
      /^souk: the books could not be audited: The audit records of payments cannot be read: payments answered 503 \(The database of payments lacks a table or a column that this version reads: it is empty or half migrated\. [^\n]+\)\n$/,
    );
    const why = await run('why', order.id);
    assert.equal(why.code, 2);
    assert.match(why.stdout.replaceAll('\n', ' '), /No answer came from payments: what they know is missing here\./);
    await payments.query('alter table refunds_gone rename to refunds');
    assert.equal((await run('audit', '--grace', '0')).code, 0);

    const notifications = shop.databaseOf('notifications');
    await notifications.query('alter schema public rename to aside');
    await notifications.query('create schema public');
    const empty = await run('audit', '--grace', '0');
    assert.deepEqual([empty.code, empty.stdout], [2, '']);
    assert.match(empty.stderr, /^souk: [^\n]*The database of notifications lacks a table[^\n]*it is empty or half migrated[^\n]*\n$/);
    const [tables] = await notifications.query<{ count: number }>("select count(*)::int count from pg_tables where schemaname = 'public'");
    assert.equal(tables?.count, 0, 'an audit writes nothing');
    await notifications.query('drop schema public');
    await notifications.query('alter schema aside rename to public');
    assert.equal((await run('audit', '--grace', '0')).code, 0);
  });

  it('say which database cannot be reached', async () => {
    const orders = shop.databaseOf('orders');
    const [row] = await orders.query<{ name: string }>('select current_database() name');
    const users = shop.databaseOf('users');
    await users.query(`alter database "${row?.name}" with allow_connections false`);
    await users.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [row?.name]);
    await until(async () => ((await run('audit', '--grace', '0')).code === 2 ? undefined : 'it is still reached'));
    const audited = await run('audit', '--grace', '0');
    assert.deepEqual([audited.code, audited.stdout], [2, '']);
    assert.match(
      audited.stderr,
      /^souk: the books could not be audited: The audit records of orders cannot be read: orders answered 503 \([^\n]+\)\n$/,
    );
    const why = await run('why', order.id);
    assert.deepEqual([why.code, why.stdout], [2, '']);
    assert.match(why.stderr, oneSentence);
    await users.query(`alter database "${row?.name}" with allow_connections true`);
    await until(async () => ((await run('audit', '--grace', '0')).code === 0 ? undefined : 'it is not reached again yet'), 20_000);
  });

  it('say which service is away', async () => {
    await shop.stopService('inventory');
    const audited = await run('audit', '--grace', '0');
    assert.deepEqual([audited.code, audited.stdout], [2, '']);
    assert.match(audited.stderr, /The audit records of inventory cannot be read: it takes no connection\n$/);
    await shop.stopService('operations');
    const why = await run('why', order.id);
    assert.deepEqual([why.code, why.stdout, why.stderr], [2, '', 'souk: The operations service does not answer.\n']);
    await shop.startService('operations');
    await shop.startService('inventory');
  });
});

/** Orders are explained in the shop of many processes: whatever became of them, and of the processes. A receipt outlives the shop. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import {
  cancelOrder,
  deleteUser,
  explainOrder,
  getOrder,
  getReceipt,
  getReceiptKeys,
  listProducts,
  login,
  type Order,
  type OrderExplanation,
  placeOrder,
  registerUser,
} from '@souk/contracts';
import { required, silentLog, systemIds } from '@souk/kernel';
import { openDatabase } from '@souk/postgres';
import { anUpHome } from './_up-process.ts';

const { home, up, note, end } = await anUpHome({
  SAGA_PAYMENT_DEADLINE_MS: '1500',
  DEADLINE_POLL_MS: '200',
  RATE_LIMIT: 'off',
  SOUK_BENCH: '1',
});
after(end);

/** On a busy machine a payment may come too late although it is a quick one. */
const triesMax = 5;
/** More pieces than all orders here take. */
const stockMin = 50;
const password = 'correct horse battery';
const shipping_address = { full_name: 'Carla Customer', street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };

describe('why, in the shop of many processes', () => {
  let anonymous: Client;
  let staff: Client;
  let customer: Client;
  let customer_id: string;
  let product_id: string;

  const signIn = async (username: string, secret: string): Promise<Client> =>
    anonymous.with({ token: (await anonymous.expect(200, login, { body: { login: username, password: secret } })).body.access_token });
  const buy = async (payment_method: string, wait_s: number): Promise<Order> => {
    const body = { items: [{ product_id, quantity: 1 }], shipping_address, payment_method };
    return (await customer.expect(201, placeOrder, { body, wait_s, idempotency_key: systemIds.uuid() })).body;
  };
  const aConfirmedOrder = async (): Promise<Order> => {
    const ended: string[] = [];
    for (let tries = 0; tries < triesMax; tries += 1) {
      const order = await buy('tok_visa', 20);
      if (order.status === 'confirmed') return order;
      ended.push(order.cancel_reason ?? order.status);
    }
    throw new Error(`None of ${triesMax} orders was confirmed: ${ended.join(', ')}.`);
  };
  /** The explanation, once it has a step of this kind, no service is silent and no event waits to be sent. */
  const explained = (order_id: string, kind: string): Promise<OrderExplanation> =>
    up.until(async () => {
      const { body } = await staff.expect(200, explainOrder, { params: { order_id } });
      const isSettled = body.incomplete.length === 0 && !body.steps.some((step) => step.kind === 'event_unsent');
      return isSettled && body.steps.some((step) => step.kind === kind) ? body : undefined;
    }, `${kind} of ${order_id}`);
  const kinds = ({ steps }: OrderExplanation): string[] => steps.map(({ kind }) => kind);
  const problems = ({ steps }: OrderExplanation) => steps.filter(({ is_problem }) => is_problem);
  const isCausal = ({ steps }: OrderExplanation): void => {
    for (const { number, because_of } of steps) for (const { step } of because_of) assert.ok(step < number, `${number} because of ${step}`);
  };

  before(async () => {
    up.launch();
    await up.isUp();
    anonymous = createTestClient({ base_url: (await note()).gateway_url });
    const accounts = JSON.parse(await readFile(join(home, 'secrets', 'accounts.json'), 'utf8')) as {
      role: string;
      username: string;
      password: string;
    }[];
    const account = required(
      accounts.find(({ role }) => role === 'staff'),
      'the account of staff',
    );
    staff = await signIn(account.username, account.password);
    const person = { username: 'carla', email: 'carla@mail.example', full_name: 'Carla Customer', password };
    customer_id = (await anonymous.expect(201, registerUser, { body: person })).body.id;
    customer = await signIn(person.username, password);
    const { body: products } = await anonymous.expect(200, listProducts, { query: { in_stock: true, limit: 100 } });
    // Some things of the demo shop are nearly sold out.
    product_id = required(
      products.find(({ stock_quantity }) => stock_quantity >= stockMin),
      `a product with ${stockMin} pieces`,
    ).id;
  });

  it('a confirmed order: each step of five processes with its cause, for operators and for programs', async () => {
    const order = await aConfirmedOrder();
    const explanation = await explained(order.id, 'message_sent');
    isCausal(explanation);
    assert.deepEqual(kinds(explanation).sort(), [
      'charge_succeeded',
      'message_sent',
      'order_awaiting_payment',
      'order_confirmed',
      'order_placed',
      'payment_captured',
      'payment_requested',
      'stock_held',
    ]);
    assert.deepEqual(problems(explanation), []);
    const [words, data] = [await up.souk('why', order.order_number), await up.souk('why', order.id, '--json')];
    assert.equal(words.code, 0, words.stderr);
    assert.ok(words.stdout.startsWith(`Order ${order.order_number} was placed on `), words.stdout);
    assert.match(words.stdout.replace(/\s+/g, ' '), /were charged once.* It was confirmed after .* Messages to the customer: 1 sent\./);
    assert.deepEqual((JSON.parse(data.stdout) as OrderExplanation).steps, explanation.steps);
  });

  it('money that came after the cancellation went back', async () => {
    const payments = required(
      (await note()).processes.find(({ name }) => name === 'payments-1'),
      'the process of payments',
    );
    const order = await buy('tok_slow', 0);
    await explained(order.id, 'payment_requested');
    // What is charged is not known before the order has been cancelled.
    process.kill(payments.pid, 'SIGSTOP');
    try {
      await up.until(
        async () => (await customer.expect(200, getOrder, { params: { order_id: order.id } })).body.status === 'cancelled' || undefined,
        'the deadline of the payment',
      );
    } finally {
      process.kill(payments.pid, 'SIGCONT');
    }
    const explanation = await explained(order.id, 'refund_done');
    isCausal(explanation);
    const order_of = kinds(explanation);
    assert.ok(order_of.indexOf('order_cancelled') < order_of.indexOf('payment_captured'), order_of.join());
    assert.match(explanation.summary, /went back because the money came after the cancellation/);
  });

  it('an order that survived the death of inventory: it waited, and nothing is a problem', async () => {
    const victim = required(
      (await note()).processes.find(({ name }) => name === 'inventory-1'),
      'the process of inventory',
    );
    process.kill(victim.pid, 'SIGKILL');
    const order = await buy('tok_visa', 20);
    const explanation = await explained(order.id, 'stock_held');
    isCausal(explanation);
    const held = required(
      explanation.steps.find(({ kind }) => kind === 'stock_held'),
      'the step',
    );
    assert.equal(explanation.steps[(held.because_of[0]?.step ?? 0) - 1]?.kind, 'order_placed');
    assert.equal(held.because_of[0]?.waited_ms, held.after_ms);
    assert.deepEqual(problems(explanation), []);
    const { processes } = await note();
    assert.notEqual(processes.find(({ name }) => name === 'inventory-1')?.pid, victim.pid, 'another process did it');
  });

  it('an order in a dead letter: which, why, and what puts it back', async () => {
    const order = await aConfirmedOrder();
    const { postgres_port } = await note();
    const secret = (await readFile(join(home, 'secrets', 'postgres-postgres'), 'utf8')).trim();
    const url = `postgres://postgres:${encodeURIComponent(secret)}@127.0.0.1:${postgres_port}/inventory`;
    const db = openDatabase({ url, application_name: 'why test', pool_max: 1, log: silentLog });
    const event_id = systemIds.uuid();
    await db.query(
      `insert into dead_letters (queue, event_id, event_type, reason, detail, attempts, code_version, body)
       values ('inventory.release-stock', $1, 'order.cancelled', 'event_invalid', 'It lacks most of its members.', 1, '0.1.0', $2)`,
      [event_id, JSON.stringify({ event_type: 'order.cancelled', event_id, order_id: order.id })],
    );
    await db.close();
    const explanation = await explained(order.id, 'dead_letter');
    assert.ok(problems(explanation).every(({ kind }) => kind === 'dead_letter'));
    assert.match(
      explanation.summary,
      /order\.cancelled to inventory\.release-stock is a dead letter after \d+ attempts? \(event_invalid\): put it back with souk dead replay inventory-\d+/,
    );
    const { stdout } = await up.souk('why', order.order_number);
    assert.match(stdout, /^\d+ .* ! /m);
  });

  it('a receipt is genuine after the shop has stopped; what an erased customer has left behind is explained', async () => {
    const order = await aConfirmedOrder();
    const params = { order_id: order.id };
    const receipt = (await customer.expect(200, getReceipt, { params })).body;
    const keys = (await anonymous.expect(200, getReceiptKeys)).body;
    const [receipt_path, keys_path, forged_path] = ['receipt.json', 'receipt-keys.json', 'forged.json'].map((name) => join(home, name));
    await writeFile(required(receipt_path, 'a path'), JSON.stringify(receipt));
    await writeFile(required(forged_path, 'a path'), JSON.stringify(receipt).replace('confirmed', 'completed'));
    await writeFile(required(keys_path, 'a path'), JSON.stringify(keys));
    await customer.expect(200, cancelOrder, { params, body: { reason: 'Carla has changed her mind' } });
    await customer.expect(204, deleteUser, { params: { user_id: customer_id }, body: { current_password: password } });
    const explanation = await explained(order.id, 'noted_user_deleted');
    isCausal(explanation);
    assert.match(explanation.summary, /Its customer's account was erased on .*; what is personal is gone, the books stay\./);
    for (const personal of ['carla@mail.example', 'Carla', 'Market Square', 'tok_visa'])
      assert.ok(!JSON.stringify(explanation).includes(personal), personal);
    up.signal('SIGINT');
    assert.equal(await up.ended(), 0, up.output());
    const verify = (path: string | undefined, ...more: string[]) => up.souk('verify-receipt', required(path, 'a path'), ...more);
    const [by_file, by_home, forged] = await Promise.all([
      verify(receipt_path, '--keys', required(keys_path, 'a path')),
      verify(receipt_path),
      verify(forged_path, '--keys', required(keys_path, 'a path')),
    ]);
    assert.deepEqual([by_file.code, by_home.code, forged.code], [0, 0, 1], by_file.stderr + by_home.stderr + forged.stdout);
  });
});

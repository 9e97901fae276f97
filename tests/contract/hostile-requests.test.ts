/**
 * Thousands of requests made from the published document at random. No answer is a 500 or anything else that is not published, each body
 * and header is as published, and the books balance afterwards. FUZZ_REQUESTS and FUZZ_SEED choose how many, and which.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { required } from '@souk/kernel';
import { startTestPlatform, type TestPlatform } from '@souk/platform/testing';
import { HostileRequests, seeded } from './_hostile-requests.ts';
import { type Json, PublishedApi, type PublishedOperation } from './_published-api.ts';

const requests = Number(process.env['FUZZ_REQUESTS'] ?? 2_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));
const clients = 8;
/** They would take away what the others need: the accounts, or the second factor they sign in without. */
const excluded: ReadonlySet<string> = new Set(['deleteUser', 'setRole', 'confirmSecondFactor']);

describe('hostile requests', () => {
  let souk: TestPlatform;
  let api: PublishedApi;

  before(async () => {
    souk = await startTestPlatform({ sample: true });
    api = await PublishedApi.read(souk.gateway_url);
  });
  after(() => souk?.stop());

  const listOf = async (name: string, token: string, query: Record<string, string> = {}): Promise<string[]> =>
    ((await api.call(name, { token, query: { limit: '20', ...query } })).body as { id: string }[]).map(({ id }) => id);

  it(`${requests} of them are answered as published (seed ${seed})`, { timeout: 600_000 }, async () => {
    process.stdout.write(`hostile requests: FUZZ_SEED=${seed} repeats them\n`);
    const tokens: string[] = [];
    for (const role of ['customer', 'staff', 'admin']) {
      const { username, password } = required(
        souk.accounts.find((account) => account.role === role),
        role,
      );
      const { body } = await api.call('login', { body: () => ({ login: username, password }) });
      tokens.push(String((body as Json)['access_token']));
    }
    const [customer = '', staff = ''] = tokens;
    const product_id = await listOf('listProducts', staff, { in_stock: 'true' });
    const orders: string[] = [];
    for (const id of product_id.slice(0, 6)) {
      const { body } = await api.call('placeOrder', {
        token: customer,
        headers: { prefer: 'wait=10' },
        body: (example) => ({ ...example, items: [{ product_id: id, quantity: 1 }], expected_total: undefined }),
      });
      orders.push(String((body as Json)['id']));
    }
    const ids = { product_id, order_id: orders, payment_id: await listOf('listPayments', staff), service: ['orders', 'payments'] };
    const hostile = new HostileRequests(api, { tokens, ids }, seeded(seed));
    const operations = api.operations.filter(({ operation_id }) => !excluded.has(operation_id));
    const statuses = new Map<number, number>();
    const faults: string[] = [];
    let sent = 0;
    const client = async (): Promise<void> => {
      while (sent < requests && faults.length < 5) {
        sent += 1;
        const { operation, request } = hostile.next(operations);
        const status = await answerTo(operation, request).catch((error: unknown) => {
          faults.push(
            `${operation.method} ${request.address} ${JSON.stringify(request).slice(0, 1_500)}\n  ${String(error).slice(0, 800)}`,
          );
          return 0;
        });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const answerTo = async ({ operation_id }: PublishedOperation, request: Parameters<PublishedApi['send']>[1]): Promise<number> => {
      const { status } = await api.send(operation_id, request);
      assert.notEqual(status, 500);
      return status;
    };
    await Promise.all(Array.from({ length: clients }, client));
    assert.deepEqual(faults, []);
    const counts = Object.fromEntries([...statuses].sort(([left], [right]) => left - right));
    process.stdout.write(`hostile requests: ${JSON.stringify(counts)}, ${api.answered.size} pairs of route and status\n`);
    const { body } = await api.call('getAudit', { token: staff, query: { run: 'now' } });
    const { balanced, violations } = body as { balanced: boolean; violations: unknown[] };
    assert.deepEqual([balanced, violations], [true, []]);
    assert.ok((statuses.get(200) ?? 0) > requests / 20 && (statuses.get(400) ?? 0) > requests / 20, 'they are not all alike');
  });
});

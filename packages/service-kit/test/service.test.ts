import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError } from '@souk/kernel';
import { callService, type HealthReport, PlatformConfig, type Service } from '../src/index.ts';
import { type TestService, testService } from '../src/testing.ts';
import { buildGifts, give, runs } from './gift-shop.ts';

let shop: TestService<Service>;
before(async () => {
  shop = await testService(buildGifts, { name: 'orders', schema: PlatformConfig });
});
after(() => shop.stop());

async function request(path: string, init: RequestInit = {}): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await fetch(shop.url + path, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

function gift(token: string, person: string, amount: number, key?: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
  return request(`/api/people/${person}/gifts`, { method: 'POST', headers, body: JSON.stringify({ amount }) });
}

async function rows(text: string): Promise<Record<string, unknown>[]> {
  return shop.service.context.db.query(text);
}

describe('an idempotency key', () => {
  it('makes twenty concurrent twins one effect with one answer', async () => {
    const token = await shop.tokenFor();
    const answers = await Promise.all(Array.from({ length: 20 }, () => gift(token, 'ann', 600, 'twins')));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    assert.equal(new Set(answers.map(({ body }) => body['id'])).size, 1);
    assert.equal(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length, 19);
    assert.equal(new Set(answers.map(({ headers }) => headers.get('location'))).size, 1);
    assert.equal((await rows("select 1 from gifts where person = 'ann'")).length, 1);
  });

  it('is refused for another body, and for another resource', async () => {
    const token = await shop.tokenFor();
    assert.equal((await gift(token, 'bob', 1, 'mine')).status, 201);
    assert.deepEqual(
      [(await gift(token, 'bob', 2, 'mine')).status, (await gift(token, 'bea', 1, 'mine')).body['code']],
      [422, 'idempotency_key_reused'],
    );
  });

  it('belongs to one user', async () => {
    const answers = await Promise.all([gift(await shop.tokenFor(), 'cleo', 1, 'same'), gift(await shop.tokenFor(), 'cleo', 1, 'same')]);
    assert.deepEqual(
      answers.map(({ headers }) => headers.get('idempotency-replayed')),
      [null, null],
    );
  });

  it('keeps no refusal: what was refused may succeed later', async () => {
    const token = await shop.tokenFor();
    await gift(token, 'dan', 900);
    assert.equal((await gift(token, 'dan', 500, 'later')).status, 409);
    await rows("delete from gifts where person = 'dan'");
    assert.equal((await gift(token, 'dan', 500, 'later')).status, 201);
  });

  it('is forgotten after two days, not before', async () => {
    const token = await shop.tokenFor();
    await gift(token, 'eve', 1, 'old');
    await gift(token, 'eve', 1, 'new');
    await rows("update idempotency_keys set created_at = now() - interval '49 hours' where key = 'old'");
    shop.service.context.wakeJob('forget-idempotency-keys');
    while ((await rows("select 1 from idempotency_keys where key = 'old'")).length > 0)
      await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await rows("select 1 from idempotency_keys where key = 'new'")).length, 1);
  });
});

describe('the platform routes', () => {
  const internal = () => ({ headers: { authorization: `Bearer ${shop.internal_token}` } });

  it('tell the truth about health', async () => {
    const { status, body } = await request('/health');
    const report = body as unknown as HealthReport;
    assert.deepEqual([status, report.status], [200, 'healthy']);
    assert.match(String(body['timestamp']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.deepEqual(Object.keys(report.checks).sort(), ['broker', 'database', 'keys', 'outbox']);
    assert.equal((await request('/health/live')).status, 200);
    assert.equal((await request('/health/live', internal())).status, 200, 'Prometheus sends its token to every process');
    assert.equal((await request('/health/ready')).status, 200);
  });

  it('serve the audit records page by page, to services only', async () => {
    assert.equal((await request('/internal/audit/records?kind=gifts')).status, 401);
    const first = await request('/internal/audit/records?kind=gifts&limit=2', internal());
    const records = first.body['records'] as { key: string }[];
    assert.deepEqual([first.status, records.length, first.body['service'], first.body['next']], [200, 2, 'orders', records[1]?.key]);
    const second = await request(`/internal/audit/records?kind=gifts&limit=2&after=${String(first.body['next'])}`, internal());
    assert.ok((second.body['records'] as { key: string }[]).every(({ key }) => key > String(records[1]?.key)));
    assert.equal((await request('/internal/audit/records?kind=secrets', internal())).status, 404);
  });

  it('list, show, discard and page dead letters', async () => {
    await rows(`insert into dead_letters (queue, event_id, event_type, reason, detail, attempts, code_version, body)
      select 'orders.checkout', gen_random_uuid()::text, 'order.created', case when n < 4 then 'event_invalid' else 'saga_impossible' end, 'x', 1, '1', '{}' from generate_series(1, 5) n`);
    const page = await fetch(`${shop.url}/internal/dead-letters?limit=3`, internal());
    const letters = (await page.json()) as { id: string }[];
    const next = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    const rest = (await (await fetch(shop.url + next, internal())).json()) as { id: string }[];
    assert.deepEqual([letters.length, rest.length], [3, 2]);
    assert.equal(new Set([...letters, ...rest].map(({ id }) => id)).size, 5);
    const id = letters[0]?.id ?? '';
    assert.equal((await request(`/internal/dead-letters/${id}`, internal())).body['reason'], 'saga_impossible');
    assert.equal((await fetch(`${shop.url}/internal/dead-letters/${id}`, { ...internal(), method: 'DELETE' })).status, 204);
    assert.equal((await request(`/internal/dead-letters/${id}`, internal())).body['code'], 'dead_letter_unknown');
    const discarded = await request('/internal/dead-letters?reason=event_invalid', { ...internal(), method: 'DELETE' });
    assert.deepEqual(discarded.body, { discarded: 3 });
    assert.equal((await request('/internal/dead-letters', { ...internal(), method: 'DELETE' })).status, 400);
    assert.equal((await request('/internal/dead-letters?cursor=rubbish', internal())).body['code'], 'cursor_invalid');
  });
});

it('a text the database cannot keep is the client’s fault, not ours', async () => {
  const { status, body } = await request('/api/texts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"text":"x"}',
  });
  assert.deepEqual([status, body['code']], [400, 'validation_failed']);
});

it('a job runs at the start, again while there is more, and when it is woken', async () => {
  while (runs.length < 3 || !(await shop.service.settled())) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(runs.length, 3);
  shop.service.context.wakeJob('count-runs');
  while (runs.length < 4) await new Promise((resolve) => setImmediate(resolve));
});

it('one service calls another: refusals come back, absence is service_unavailable', async () => {
  const { context } = shop.service;
  const made = await callService(context, shop.url, give, {
    params: { person: 'zoe' },
    body: { amount: 5 },
    authorization: `Bearer ${await shop.tokenFor()}`,
  });
  assert.deepEqual([made.status, made.body.amount], [201, 5]);
  assert.equal((await callService(context, shop.url, give, { params: { person: 'zoe' }, body: { amount: 5 } })).status, 401);
  await assert.rejects(
    callService(context, 'http://127.0.0.1:9', give, { params: { person: 'zoe' } }),
    (error) => error instanceof AppError && error.code === 'service_unavailable',
  );
});

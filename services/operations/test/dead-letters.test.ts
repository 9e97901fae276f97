import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { instanceStatusOf, keys, type Seen, sendJson, startPlatform, type TestPlatform } from './_support.ts';

let platform: TestPlatform;

const letter = {
  id: '7',
  queue: 'payments.create-payment',
  event_id: null,
  event_type: null,
  reason: 'event_invalid',
  detail: 'broken',
  attempts: 1,
  correlation_id: null,
  traceparent: null,
  code_version: '1',
  body: '{}',
  died_at: '2026-01-01T00:00:00.000Z',
};

describe('dead letters of a service', () => {
  afterEach(() => platform.stop());

  it('are read, replayed and discarded by staff, with the token of that service', async () => {
    platform = await startPlatform((service) => (seen, response) => {
      if (!seen.url.startsWith('/internal/dead-letters')) return sendJson(response, 200, instanceStatusOf(service, `${service}-1`));
      if (seen.method === 'DELETE') return void response.writeHead(204).end();
      if (seen.method === 'POST') return sendJson(response, 200, { replayed: 2 });
      if (seen.url.endsWith('/8'))
        return sendJson(response, 404, {
          type: '/problems/dead_letter_unknown',
          title: 'x',
          status: 404,
          code: 'dead_letter_unknown',
          detail: 'No.',
        });
      return sendJson(response, 200, [letter], { link: '</internal/dead-letters?limit=1&cursor=a%2Bb>; rel="next"' });
    });
    const operations = await platform.startOperations();
    const staff = { authorization: `Bearer ${await platform.keys.tokenFor({ role: 'staff' })}`, 'x-correlation-id': 'incident-7' };
    const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${operations.url}/api/dead-letters/${path}`, { ...init, headers: { ...staff, ...(init.headers as Record<string, string>) } });
    const listed = await ask('payments?limit=1&queue=payments.create-payment');
    assert.deepEqual([listed.status, await listed.json()], [200, [letter]]);
    assert.equal(listed.headers.get('link'), '</api/dead-letters/payments?limit=1&queue=payments.create-payment&cursor=a%2Bb>; rel="next"');
    assert.equal(listed.headers.get('cache-control'), 'private, no-store');
    assert.equal((await ask('payments/7', { method: 'DELETE' })).status, 204);
    const json = { 'content-type': 'application/json' };
    const replayed = await ask('payments/replay', { method: 'POST', headers: json, body: '{"ids":["7","9"]}' });
    assert.deepEqual(await replayed.json(), { replayed: 2 });
    const unknown = await ask('payments/8');
    assert.deepEqual([unknown.status, ((await unknown.json()) as { code: string }).code], [404, 'dead_letter_unknown']);
    const seen = (platform.services.get('payments')?.seen ?? []).map(({ method, url, authorization, headers, body }: Seen) => [
      method,
      url,
      authorization,
      headers['x-correlation-id'],
      body,
    ]);
    const token = `Bearer ${keys.internalToken('payments')}`;
    assert.deepEqual(seen, [
      ['GET', '/internal/dead-letters?limit=1&queue=payments.create-payment', token, 'incident-7', ''],
      ['DELETE', '/internal/dead-letters/7', token, 'incident-7', ''],
      ['POST', '/internal/dead-letters/replay', token, 'incident-7', '{"ids":["7","9"]}'],
      ['GET', '/internal/dead-letters/8', token, 'incident-7', ''],
    ]);
  });

  it('are refused to others, for services that have none, and with wrong bodies', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations();
    assert.equal((await platform.get(operations, '/api/dead-letters/payments', 'customer')).status, 403);
    assert.equal((await platform.get(operations, '/api/dead-letters/gateway', 'staff')).status, 400);
    assert.equal((await platform.get(operations, '/api/dead-letters/payments/x', 'staff')).status, 400);
    const headers = { authorization: `Bearer ${await platform.keys.tokenFor({ role: 'staff' })}`, 'content-type': 'application/json' };
    const empty = await fetch(`${operations.url}/api/dead-letters/payments/replay`, { method: 'POST', headers, body: '{}' });
    assert.equal(empty.status, 400);
    assert.deepEqual(platform.services.get('payments')?.seen, []);
    await platform.services.get('payments')?.close();
    assert.equal((await platform.get(operations, '/api/dead-letters/payments', 'staff')).status, 503);
  });
});

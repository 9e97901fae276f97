/** Subscriptions before a gateway that hangs, breaks off, sends what is no event, or has no end. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createTestKeys, type TestKeys } from '@souk/service-kit/testing';
import { aPeer, aReference, type Peer, sendJson, type Web } from './_support.ts';

const order_id = '0190a0b0-0000-7000-8000-000000000001';
const query = `subscription { orderChanged(order_id: "${order_id}") { to } }`;
const line = (sequence: number, to: string): string =>
  `id: ${sequence}\nevent: ${to}\ndata: ${JSON.stringify({ sequence, version: 1, from: null, to, at: '2026-11-30T00:00:00Z', cause: 'x', cause_id: null, actor: 'system', note: null })}\n\n`;
const nextOf = (sequence: number, to: string): string =>
  `event: next\nid: ${sequence}\ndata: ${JSON.stringify({ data: { orderChanged: { to } }, extensions: { cost: { requested: 2, max: 1_000, requests: 1 } } })}\n\n`;
const complete = 'event: complete\ndata:\n\n';

describe('a subscription', () => {
  let keys: TestKeys;
  let gateway: Peer;
  let web: Web;
  let react: (response: ServerResponse) => void;
  before(async () => {
    keys = await createTestKeys();
    gateway = await aPeer((request, response) => {
      if (request.url?.startsWith('/registry/')) sendJson(response, {});
      else react(response);
    });
    web = await aReference({ GATEWAY_URL: gateway.url }, { fetchKeys: async () => keys.key_set });
  });
  after(async () => {
    await web.stop();
    await gateway.close();
  });

  const subscribe = async (signal?: AbortSignal, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${web.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${await keys.tokenFor()}`,
        ...headers,
      },
      body: JSON.stringify({ query }),
      ...(signal && { signal }),
    });
  const begin = (response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'text/event-stream' });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };

  test('passes on what comes in pieces, the hints and the heartbeats; one that breaks off or ends early does not complete', async () => {
    const text = `retry: 2500\n\n${line(1, 'pending')}:\n\n${line(2, 'confirmed')}`;
    const passed = `retry: 2500\n\n${nextOf(1, 'pending')}:\n\n${nextOf(2, 'confirmed')}`;
    react = (response) => {
      begin(response);
      for (const character of text) response.write(character);
      response.end('event: end\ndata: {}\n\n');
    };
    assert.equal(await (await subscribe()).text(), passed + complete);
    react = (response) => {
      begin(response);
      response.end(text);
    };
    assert.equal(await (await subscribe()).text(), passed);
    react = (response) => {
      begin(response);
      response.write(line(1, 'pending'), () => response.destroy());
    };
    assert.equal(await (await subscribe()).text(), nextOf(1, 'pending'));
    react = (response) => {
      begin(response);
      response.end('id: 1\nevent: pending\ndata: {"sequence"\n\n');
    };
    assert.equal(await (await subscribe()).text(), '');
    react = (response) => void response.writeHead(204).end();
    assert.equal(await (await subscribe()).text(), complete);
  });

  test('asks with the token, the correlation and the last id of its client', async () => {
    react = (response) => void response.writeHead(204).end();
    const headers = { 'last-event-id': '41', 'x-correlation-id': 'of-this-test-2' };
    await (await subscribe(undefined, headers)).text();
    const { url, headers: asked } = gateway.seen.at(-1) ?? {};
    assert.equal(url, `/api/orders/${order_id}/events`);
    assert.deepEqual(
      [asked?.['last-event-id'], asked?.['x-correlation-id'], asked?.authorization?.startsWith('Bearer ey')],
      ['41', 'of-this-test-2', true],
    );
  });

  test('that the gateway refuses, or does not answer, says why and ends', async () => {
    const codeOf = async (answer: Response): Promise<unknown> =>
      (JSON.parse(/data: (.*)/.exec(await answer.text())?.[1] ?? '{}') as { errors: { extensions: unknown }[] }).errors[0]?.extensions;
    react = (response) => sendJson(response, { code: 'not_found', detail: 'There is no such order.' }, 404);
    assert.deepEqual(await codeOf(await subscribe()), { code: 'not_found' });
    react = (response) => {
      response.setHeader('retry-after', '7');
      sendJson(response, { code: 'too_many_streams', detail: 'Too many.' }, 429);
    };
    assert.deepEqual(await codeOf(await subscribe()), { code: 'too_many_streams', retry_after_s: 7 });
    react = (response) => void response.writeHead(500).end('<html>');
    assert.deepEqual(await codeOf(await subscribe()), { code: 'service_unavailable' });
    react = (response) => void response.destroy();
    assert.deepEqual(await codeOf(await subscribe()), { code: 'service_unavailable' });
    const began = performance.now();
    react = () => undefined;
    assert.deepEqual(await codeOf(await subscribe()), { code: 'service_unavailable' });
    assert.ok(performance.now() - began < 8_000, 'a gateway that hangs is given up');
  });

  test('of a client that leaves is ended at the gateway, also before its first event; at most 400 are open', {
    timeout: 60_000,
  }, async () => {
    let open = 0;
    react = (response) => {
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      begin(response);
      response.write('retry: 2500\n\n');
    };
    const gone = new AbortController();
    const answers: Response[] = [];
    for (let count = 0; count < 400; count += 50)
      answers.push(...(await Promise.all(Array.from({ length: 50 }, () => subscribe(gone.signal)))));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(open, 400);
    const refused = await subscribe();
    assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [503, 'overloaded']);
    const beside = await fetch(`${web.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    assert.equal(beside.status, 200, 'queries are answered beside them');
    gone.abort();
    await until(() => open === 0);
    const again = new AbortController();
    assert.equal((await subscribe(again.signal)).status, 200);
    again.abort();
    await until(() => open === 0);
  });

  test('is a stream only for who prefers one; of HEAD nothing stays open', async () => {
    const status = async (accept: string): Promise<string | null> => {
      const answer = await subscribe(undefined, { accept });
      await answer.text();
      return answer.headers.get('content-type');
    };
    react = (response) => void response.writeHead(204).end();
    assert.equal(await status('text/event-stream'), 'text/event-stream');
    assert.equal(await status('text/event-stream;q=0.5, application/json;q=0.1'), 'text/event-stream');
    for (const accept of ['application/json, text/event-stream', '*/*', 'text/event-stream;q=0', 'text/html'])
      assert.equal(await status(accept), 'application/json; charset=utf-8', accept);
  });
});

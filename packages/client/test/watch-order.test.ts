import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { createClient, ProblemError, SignedOutError, type Timing } from '../src/index.ts';
import { problemOf, type Received, sendJson, startServer } from './_server.ts';

const order_id = '01a20518-d385-705d-a094-bafc97027b7d';
const statuses = ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed'];
const transitions = statuses.map((to, index) => ({
  sequence: 11 + index * 3,
  version: index + 1,
  from: statuses[index - 1] ?? null,
  to,
  at: '2026-11-29T10:00:00Z',
  cause: 'order.created',
  cause_id: null,
  actor: 'system',
  note: `it’s ${to} ☕`,
}));

const eventText = (index: number): string => {
  const transition = transitions[index] as (typeof transitions)[number];
  return `id: ${transition.sequence}\nevent: ${transition.to}\ndata: ${JSON.stringify(transition)}\n\n`;
};
const endText = 'event: end\ndata: {}\n\n';

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 5\n\n: heartbeat\n\n');
}

/** Sends the bytes in odd pieces, so that characters and ends of line are cut. */
async function inPieces(response: ServerResponse, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += 7) {
    response.write(bytes.subarray(from, from + 7));
    if (from % 5 === 0) await new Promise(setImmediate);
  }
}

/** What comes after the id that the client sends. */
function after(request: Received): number {
  const last = Number(request.headers['last-event-id'] ?? 0);
  return transitions.findIndex(({ sequence }) => sequence > last);
}

async function watched(client: ReturnType<typeof createClient>, settings?: { after?: number; silence_ms?: number }): Promise<string[]> {
  const seen: string[] = [];
  for await (const { sequence, to, note } of client.orders.watch(order_id, settings)) {
    assert.equal(note, `it’s ${to} ☕`);
    seen.push(`${sequence} ${to}`);
  }
  return seen;
}
const whole = transitions.map(({ sequence, to }) => `${sequence} ${to}`);

/** Real timers, but jitter and pauses a hundred times shorter. */
const quick: Timing = {
  now: Date.now,
  random: Math.random,
  timer: (delay_ms, callback) => {
    const timer = setTimeout(callback, delay_ms >= 20_000 ? delay_ms : delay_ms / 100);
    return () => clearTimeout(timer);
  },
};
const clientOf = (base_url: string) => createClient({ base_url, token: 'mine', timing: quick });

describe('an order is watched', () => {
  it('through one connection, in odd pieces, to its end', async () => {
    const shop = await startServer(async (_request, response) => {
      begin(response);
      for (let index = 0; index < transitions.length; index += 1) await inPieces(response, eventText(index));
      await inPieces(response, endText);
    });
    assert.deepEqual(await watched(clientOf(shop.base_url)), whole);
    const [request] = shop.received;
    assert.deepEqual(
      [request?.url, request?.headers.accept, request?.headers.authorization, request?.headers['last-event-id']],
      [`/api/orders/${order_id}/events`, 'text/event-stream', 'Bearer mine', undefined],
    );
    assert.equal(shop.received.length, 1);
  });

  it('through connections that break inside events, and each change comes once', async () => {
    let seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    const message = `SEED=${seed}`;
    const next = (most: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % most;
    };
    const shop = await startServer(async (request, response, count) => {
      if (count % 5 === 4) return response.destroy();
      if (count % 7 === 6) return sendJson(response, 503, problemOf(503, 'shutting_down'));
      const from = after(request);
      if (from < 0) return response.writeHead(204).end();
      begin(response);
      // Repeats what was seen, as a server may that does not know exactly where the client is.
      const text = Array.from({ length: 3 }, (_, step) => from - 1 + step)
        .filter((index) => index >= 0 && index < transitions.length)
        .map(eventText)
        .join('');
      await inPieces(response, text.slice(0, 60 + next(text.length)));
      if (next(2) === 0) return response.end();
      return response.destroy();
    });
    assert.deepEqual(await watched(clientOf(shop.base_url)), whole, message);
    const ids = shop.received.map(({ headers }) => Number(headers['last-event-id'] ?? 0));
    assert.deepEqual(
      ids,
      ids.toSorted((left, right) => left - right),
      `a reconnection sends the newest id; ${message}`,
    );
  });

  it('from where a page left off', async () => {
    const shop = await startServer(async (request, response) => {
      begin(response);
      for (let index = after(request); index < transitions.length; index += 1) await inPieces(response, eventText(index));
      response.write(endText);
    });
    assert.deepEqual(await watched(clientOf(shop.base_url), { after: 14 }), whole.slice(2));
    assert.equal(shop.received[0]?.headers['last-event-id'], '14');
  });

  it('although a connection falls silent', async () => {
    const shop = await startServer(async (request, response, count) => {
      begin(response);
      if (count === 1) return response.write(eventText(0));
      for (let index = after(request); index < transitions.length; index += 1) response.write(eventText(index));
      return response.write(endText);
    });
    assert.deepEqual(await watched(clientOf(shop.base_url), { silence_ms: 5_000 }), whole);
    assert.equal(shop.received.length, 2);
  });

  it('with a token that ends meanwhile: it is renewed and the stream goes on', async () => {
    let pair = 1;
    const issue = () => ({ access_token: `access-${pair}`, token_type: 'Bearer', expires_in: 600, refresh_token: `refresh-${pair}` });
    const shop = await startServer(async (request, response) => {
      if (request.url.endsWith('/login')) return sendJson(response, 200, issue());
      if (request.url.endsWith('/refresh')) {
        pair += 1;
        return pair > 3 ? sendJson(response, 401, problemOf(401, 'refresh_token_invalid')) : sendJson(response, 200, issue());
      }
      const index = after(request);
      if (request.headers.authorization !== `Bearer access-${index + 1}`) return sendJson(response, 401, problemOf(401, 'token_invalid'));
      begin(response);
      return response.end(eventText(index));
    });
    const client = createClient({ base_url: shop.base_url, timing: quick });
    await client.auth.login({ login: 'lena', password: 'x' });
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const { to } of client.orders.watch(order_id)) seen.push(to);
    }, SignedOutError);
    assert.deepEqual(seen, statuses.slice(0, 3));
  });

  it('by asking for its history where there is no stream', async () => {
    for (const status of [404, 405, 406]) {
      let known = 1;
      const shop = await startServer(({ url }, response, count) => {
        if (url.endsWith('/events')) return sendJson(response, status, problemOf(status, 'not_found'));
        if (count === 3) return response.destroy();
        known += 1;
        return sendJson(response, 200, transitions.slice(0, known).toReversed());
      });
      assert.deepEqual(await watched(clientOf(shop.base_url)), whole);
      assert.equal(shop.received.filter(({ url }) => url.endsWith('/events')).length, 1);
    }
    const page = await startServer(({ url }, response) =>
      url.endsWith('/events')
        ? response.writeHead(200, { 'content-type': 'text/html' }).end('<p>buffered')
        : sendJson(response, 200, transitions),
    );
    assert.deepEqual(await watched(clientOf(page.base_url)), whole);
  });

  it('not when it is unknown, or refused', async () => {
    const unknown = await startServer((_request, response) => sendJson(response, 404, problemOf(404, 'not_found')));
    await assert.rejects(watched(clientOf(unknown.base_url)), (error) => error instanceof ProblemError && error.code === 'not_found');
    const refused = await startServer((_request, response) => sendJson(response, 403, problemOf(403, 'forbidden')));
    await assert.rejects(watched(clientOf(refused.base_url)), (error) => error instanceof ProblemError && error.code === 'forbidden');
    assert.equal(refused.received.length, 1);
  });

  it('until the signal, and whoever stops reading leaves the connection', async () => {
    let open = 0;
    const shop = await startServer((_request, response) => {
      open += 1;
      response.on('close', () => {
        open -= 1;
      });
      begin(response);
      response.write(eventText(0));
    });
    const closed = async (): Promise<void> => {
      while (open > 0) await new Promise(setImmediate);
    };
    for await (const _change of clientOf(shop.base_url).orders.watch(order_id)) break;
    await closed();
    const leaving = new AbortController();
    const reason = new Error('left');
    await assert.rejects(
      async () => {
        for await (const _change of clientOf(shop.base_url).orders.watch(order_id, { signal: leaving.signal }))
          setImmediate(() => leaving.abort(reason));
      },
      (error) => error === reason,
    );
    await closed();
    assert.equal(shop.received.length, 2);
  });
});

/** Clients that watch orders for a long time, and come back wherever they are cut off: they trust no gateway to remember them. */
import assert from 'node:assert/strict';
import type { LiveMessage } from '@souk/contracts';
import { pause } from '@souk/kernel';
import { WebSocket } from 'ws';

/** What one of them has seen of one order: the sequences in the order in which they came. */
export interface Seen {
  order_id: string;
  by: 'stream' | 'socket';
  sequences: number[];
  ended: boolean;
}

export interface Watching {
  gateways: readonly string[];
  token: string;
  stopping: AbortSignal;
  /** Counts the times a watcher came back. */
  cameBack(): void;
}

const backAfterMs = 300;

/** Follows an order by server-sent events until it ends. Fails when an event comes twice or out of order. */
export async function followByStream(watching: Watching, order_id: string, gateway: string): Promise<Seen> {
  const seen: Seen = { order_id, by: 'stream', sequences: [], ended: false };
  while (!seen.ended && !watching.stopping.aborted) {
    await readStream(watching, seen, gateway).catch((error: unknown) => {
      if (error instanceof assert.AssertionError) throw error;
    });
    if (seen.ended || watching.stopping.aborted) break;
    watching.cameBack();
    await pause(backAfterMs + Math.random() * backAfterMs, watching.stopping);
  }
  return seen;
}

async function readStream({ token, stopping }: Watching, seen: Seen, gateway: string): Promise<void> {
  const last = seen.sequences.at(-1);
  const answer = await fetch(`${gateway}/api/orders/${seen.order_id}/events`, {
    headers: { authorization: `Bearer ${token}`, ...(last !== undefined && { 'last-event-id': String(last) }) },
    signal: stopping,
  });
  if (answer.status === 204) {
    seen.ended = true;
    return;
  }
  if (answer.status !== 200) {
    const text = await answer.text();
    assert.ok(answer.status >= 500, `only what is away refuses: ${answer.status} ${text}`);
    return;
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of answer.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) take(seen, block);
  }
}

function take(seen: Seen, block: string): void {
  const id = /^id: (\d+)$/m.exec(block)?.[1];
  if (id !== undefined) add(seen, Number(id));
  if (/^event: end$/m.test(block)) seen.ended = true;
}

function add(seen: Seen, sequence: number): void {
  const last = seen.sequences.at(-1) ?? 0;
  assert.ok(sequence > last, `${seen.by}: ${sequence} came after ${last}`);
  seen.sequences.push(sequence);
}

/** Follows several orders over one WebSocket until all have ended. */
export async function followBySocket(watching: Watching, order_ids: readonly string[], gateway: string): Promise<Seen[]> {
  const all = order_ids.map((order_id): Seen => ({ order_id, by: 'socket', sequences: [], ended: false }));
  while (all.some(({ ended }) => !ended) && !watching.stopping.aborted) {
    await readSocket(watching, all, gateway);
    if (all.every(({ ended }) => ended) || watching.stopping.aborted) break;
    watching.cameBack();
    await pause(backAfterMs + Math.random() * backAfterMs, watching.stopping);
  }
  return all;
}

/** Resolves when the connection has ended, however. */
function readSocket({ token, stopping }: Watching, all: readonly Seen[], gateway: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${gateway.replace('http', 'ws')}/ws`, ['souk.v1'], { headers: { authorization: `Bearer ${token}` } });
    const end = (): void => socket.terminate();
    stopping.addEventListener('abort', end);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      stopping.removeEventListener('abort', end);
      resolve();
    });
    const subscribe = (seen: Seen): void =>
      socket.send(
        JSON.stringify({
          type: 'subscribe',
          id: seen.order_id,
          topic: 'order',
          order_id: seen.order_id,
          after: seen.sequences.at(-1) ?? 0,
        }),
      );
    socket.on('open', () => all.filter(({ ended }) => !ended).forEach(subscribe));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as LiveMessage;
      try {
        takeMessage(all, message, subscribe);
      } catch (error) {
        end();
        reject(error);
      }
      if (all.every(({ ended }) => ended)) socket.close();
    });
  });
}

function takeMessage(all: readonly Seen[], message: LiveMessage, again: (seen: Seen) => void): void {
  const seen = 'id' in message ? all.find(({ order_id }) => order_id === message.id) : undefined;
  if (seen === undefined) return;
  if (message.type === 'event') add(seen, message.sequence ?? 0);
  else if (message.type === 'end') seen.ended = true;
  else if (message.type === 'error') {
    assert.equal(message.code, 'service_unavailable', message.detail);
    setTimeout(again, backAfterMs, seen);
  }
}

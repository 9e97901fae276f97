/** A receiver of webhooks: an HTTP server that answers as it is set to, and remembers what it was posted. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Webhook } from '@souk/contracts';
import { manualClock } from '@souk/kernel';
import type { ConsumerFixture } from '@souk/messaging/testing';
import { until } from '@souk/messaging/testing';
import type { NotificationsContext } from '../src/context.ts';
import { createWebhook } from '../src/use-cases/create-webhook.ts';
import { deliverWebhooks } from '../src/use-cases/deliver-webhooks.ts';
import { openFixture } from './_support.ts';

export interface Posted {
  path: string;
  headers: Record<string, string>;
  body: string;
}

type Answer = (posted: Posted, response: ServerResponse) => void;

export async function aReceiver() {
  const got: Posted[] = [];
  const state: { answer: Answer; open: number; most_open: number } = {
    answer: (_posted, response) => response.writeHead(204).end(),
    open: 0,
    most_open: 0,
  };
  const server = createServer((request, response) => {
    state.open += 1;
    state.most_open = Math.max(state.most_open, state.open);
    response.on('close', () => {
      state.open -= 1;
    });
    void readAll(request).then((body) => {
      const posted = { path: request.url ?? '', headers: request.headers as Record<string, string>, body };
      got.push(posted);
      state.answer(posted, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    got,
    state,
    url: `http://127.0.0.1:${port}`,
    /** From now on each is answered so. */
    answers(status: number, headers: Record<string, string> = {}): void {
      state.answer = (_posted, response) => response.writeHead(status, headers).end();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type Receiver = Awaited<ReturnType<typeof aReceiver>>;

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

export async function openPosting(config: Record<string, unknown> = {}) {
  const clock = manualClock(Date.now());
  const fixture = await openFixture({ clock, config: { webhook_allow_private: true, webhook_timeout_ms: 2_000, ...config } });
  return { clock, fixture, ...posting(fixture) };
}

function posting(fixture: ConsumerFixture<NotificationsContext>) {
  const { context, db } = fixture;
  return {
    webhook: (url: string, event_types: Webhook['event_types'] = ['order.confirmed', 'order.shipped']) =>
      createWebhook(context, '01900000-0000-7000-8000-00000000000a', { url, event_types }),
    /** Posts what is due and what becomes due by it, until all is recorded. */
    async deliver(): Promise<void> {
      context.webhooks.inFlight.present = true;
      do await deliverWebhooks(context);
      while (await isUnderWay(context));
    },
    deliveries: () =>
      db.query<{ event_id: string; status: string; attempts: number; last_status: number | null; last_failure: string | null }>(
        'select event_id, status, attempts, last_status, last_failure from deliveries order by webhook_id, event_id',
      ),
  };
}

async function isUnderWay({ webhooks: { inFlight } }: NotificationsContext): Promise<boolean> {
  if (inFlight.under_way === 0) return false;
  const before = inFlight.under_way;
  await until(() => (inFlight.under_way < before ? undefined : 'nothing ends'));
  return true;
}

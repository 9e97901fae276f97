/** An orders service that keeps histories for a test, and clients that read streams of events. */
import { randomUUID } from 'node:crypto';
import type { HistoriesQuestion, HistoryPart, OrderTransition } from '@souk/contracts';
import type { Broker } from '@souk/messaging';
import { anUpstream, sendJson, type Upstream } from './_support.ts';

type Status = OrderTransition['to'];

export interface Histories {
  upstream: Upstream;
  /** How many orders each question was about. */
  questions: number[];
  /** Answers the id of a new order with these lines. */
  place(user_id: string, ...statuses: Status[]): string;
  add(order_id: string, to: Status, note?: string): void;
  /** While true every question is refused. */
  away: boolean;
}

export async function keepHistories(): Promise<Histories> {
  const orders = new Map<string, { user_id: string; lines: OrderTransition[] }>();
  let sequence = 0;
  const histories: Histories = {
    questions: [],
    away: false,
    place(user_id, ...statuses) {
      const order_id = randomUUID();
      orders.set(order_id, { user_id, lines: [] });
      for (const to of statuses) histories.add(order_id, to);
      return order_id;
    },
    add(order_id, to, note) {
      sequence += 1;
      const lines = orders.get(order_id)?.lines ?? [];
      const line = { sequence, version: lines.length + 1, from: lines.at(-1)?.to ?? null, to, at: new Date().toISOString() };
      lines.push({ ...line, cause: 'test', cause_id: null, actor: 'system', note: note ?? null });
    },
    upstream: await anUpstream((request, response, body) => {
      if (histories.away || request.url !== '/internal/orders/histories') return sendJson(response, 500, {});
      const question = JSON.parse(body) as HistoriesQuestion;
      histories.questions.push(question.orders.length);
      // As the service does: an order that is asked for twice comes once, from the smaller `after`.
      const smallest = new Map<string, number>();
      for (const { order_id, after } of question.orders) smallest.set(order_id, Math.min(after, smallest.get(order_id) ?? after));
      const parts = [...smallest].flatMap(([order_id, after]): HistoryPart[] => {
        const { user_id, lines } = orders.get(order_id) ?? { user_id: '', lines: [] };
        const transitions = lines.filter((line) => line.sequence > after);
        const status = lines.at(-1)?.to;
        return status === undefined ? [] : [{ order_id, user_id, status, transitions, has_more: false }];
      });
      sendJson(response, 200, parts);
    }),
  };
  return histories;
}

/** Hands an event to everyone who is subscribed, as a relay does. */
export function broadcast(broker: Broker, event_type: string, payload: object): Promise<unknown> {
  const envelope = {
    event_id: randomUUID(),
    event_type,
    timestamp: new Date().toISOString(),
    version: '1.0',
    correlation_id: randomUUID(),
  };
  const event = { ...envelope, metadata: {}, ...payload };
  return broker.publish([
    {
      message_id: event.event_id,
      routing_key: event_type,
      body: JSON.stringify(event),
      correlation_id: randomUUID(),
      headers: {},
      mandatory: false,
    },
  ]);
}

export interface StreamedEvent {
  id?: string;
  event?: string;
  data?: string;
  retry?: string;
}

/** The events of an answer as they come; the iteration ends when the stream does. */
export async function* eventsOf(answer: Response): AsyncGenerator<StreamedEvent, void, undefined> {
  let text = '';
  for await (const bytes of answer.body ?? []) {
    text += Buffer.from(bytes).toString('utf8');
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) yield Object.fromEntries(block.split('\n').map((line) => fieldOf(line)));
  }
}

/** Every event until the stream ends. */
export async function allOf(events: AsyncIterable<StreamedEvent>): Promise<StreamedEvent[]> {
  const all: StreamedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return colon < 0 ? ['comment', line] : [line.slice(0, colon), line.slice(colon + 2)];
}

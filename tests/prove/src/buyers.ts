/** Carries out the planned orders, and writes down what was asked and what was answered. */
import { pause } from '@souk/kernel';
import type { Person } from './client.ts';
import type { History, Line, SeenOrder } from './history.ts';
import type { PlannedOrder } from './plan.ts';

export interface Buying {
  /** Ids of the products by their place in the plan. */
  products: readonly string[];
  history: History;
  /** The code that has few uses, where there is one. */
  code: string | undefined;
  /** Moment of the monotonic clock at which the plan began. */
  began: number;
  /** From then on nothing is repeated any more. */
  stopped: AbortSignal;
}

const repeatMs = 400;
export const shipping_address = { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };

/** Resolves when each of the buyer's orders is acknowledged, refused, or given up because the run has stopped. */
export async function runBuyer(buying: Buying, buyer: Person, orders: readonly PlannedOrder[]): Promise<void> {
  const running: Promise<unknown>[] = [];
  for (const [number, order] of orders.entries()) {
    await pause(Math.max(0, buying.began + order.at_ms - performance.now()), buying.stopped);
    if (buying.stopped.aborted) break;
    running.push(buy(buying, buyer, order, `${buyer.name} order ${number}`));
  }
  await Promise.all(running);
}

async function buy(buying: Buying, buyer: Person, planned: PlannedOrder, name: string): Promise<void> {
  const lines = planned.lines.map(({ product, quantity }) => ({ product_id: buying.products[product] as string, quantity }));
  const once = (): Promise<SeenOrder | undefined> => placeUntilAnswered(buying, buyer, { planned, name, lines, key });
  const key = planned.keyed ? crypto.randomUUID() : undefined;
  const [order] = await Promise.all(planned.twice && planned.keyed ? [once(), once()] : [once()]);
  if (order === undefined) return;
  await Promise.all([cancelAfter(buying, buyer, order.id, planned.cancel_after_ms), lookAt(buying, buyer, order.id, planned.looks_ms)]);
}

interface Placing {
  planned: PlannedOrder;
  name: string;
  lines: readonly Line[];
  key: string | undefined;
}

/** With a key it is repeated until it is answered; without one nothing may be repeated. */
async function placeUntilAnswered(buying: Buying, buyer: Person, placing: Placing): Promise<SeenOrder | undefined> {
  const { planned, name, lines, key } = placing;
  const promotion_code = planned.with_code ? buying.code : undefined;
  const body = {
    ...{ items: lines, shipping_address, payment_method: planned.payment_method },
    ...(promotion_code !== undefined && { codes: [promotion_code] }),
  };
  for (;;) {
    const sent_at = performance.now();
    const { status, body: answered } = await buyer.send('POST', '/api/orders', { body, key });
    const answer = status === 201 || status === 200 ? (answered as SeenOrder) : undefined;
    buying.history.add({
      asked: 'order',
      client: buyer.name,
      user_id: buyer.user_id,
      order: name,
      key,
      lines,
      payment_method: planned.payment_method,
      promotion_code,
      sent_at,
      answered_at: performance.now(),
      status,
      code: codeOf(answered),
      answer,
    });
    if (answer !== undefined) return answer;
    if (isRefusal(status) || key === undefined || buying.stopped.aborted) return undefined;
    await pause(repeatMs);
  }
}

/** Whether it was answered for good, with no. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408;
}

/** Sends until yes or no is answered, or the run has stopped; answers the last status. */
export async function repeatUntilAnswered(stopped: AbortSignal, send: () => Promise<number | undefined>): Promise<number | undefined> {
  for (;;) {
    const status = await send();
    if (isRefusal(status) || (status !== undefined && status < 300) || stopped.aborted) return status;
    await pause(repeatMs);
  }
}

async function cancelAfter(buying: Buying, buyer: Person, order_id: string, after_ms: number | undefined): Promise<void> {
  if (after_ms === undefined) return;
  await pause(after_ms, buying.stopped);
  await ask(buying.history, buyer, { asked: 'cancel', order_id, body: { reason: 'customer_request' } });
}

async function lookAt(buying: Buying, buyer: Person, order_id: string, looks_ms: readonly number[]): Promise<void> {
  let passed = 0;
  for (const at_ms of looks_ms) {
    await pause(at_ms - passed, buying.stopped);
    passed = at_ms;
    await ask(buying.history, buyer, { asked: 'read', order_id });
  }
}

export interface OrderQuestion {
  asked: 'read' | 'cancel' | 'ship' | 'complete';
  order_id: string;
  body?: unknown;
}

/** One request about an order, written down. */
export async function ask(history: History, person: Person, { asked, order_id, body }: OrderQuestion): Promise<SeenOrder | undefined> {
  const sent_at = performance.now();
  const path = `/api/orders/${order_id}${asked === 'read' ? '' : `/${asked}`}`;
  const { status, body: answered } = await person.send(asked === 'read' ? 'GET' : 'POST', path, body === undefined ? {} : { body });
  const answer = status === 200 ? (answered as SeenOrder) : undefined;
  history.add({
    asked,
    client: person.name,
    order_id,
    sent_at,
    answered_at: performance.now(),
    status,
    code: codeOf(answered),
    answer,
  });
  return answer;
}

export function codeOf(body: unknown): string | undefined {
  const code = (body as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

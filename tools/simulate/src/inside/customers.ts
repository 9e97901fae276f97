/** Customers and staff of a run: they do what the plan says, ask again where no answer came, and write down what they were answered. */
import { pause } from '@souk/kernel';
import { type Caller, callerOf } from '@souk/service-kit';
import type { Plan, PlannedOrder } from '../plan.ts';
import type { Edges, Reply, Request } from './edges.ts';
import type { Neighbours } from './neighbours.ts';
import type { Life, World } from './world.ts';

/** What came of a planned order, as its customer saw it. */
export interface Placed {
  readonly planned: PlannedOrder;
  readonly user_id: string;
  /** Ids that requests for it were answered with. */
  readonly acknowledged: Set<string>;
  /** Requests without an answer: each may have placed it or not. */
  lost: number;
}

interface Parts {
  world: World;
  edges: Edges;
  life: Life;
  neighbours: Neighbours;
  plan: Plan;
}

const askAgainMs = 700;
const attemptsMax = 200;
const lookEveryMs = 500;
const looksMax = 400;
const passing = new Set([
  'overloaded',
  'database_unavailable',
  'service_unavailable',
  'broker_unavailable',
  'shutting_down',
  'upstream_timeout',
]);
const shipping_address = { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };
const staffId = '00000000-0000-7000-8000-000000000001';

interface OrderBody {
  id: string;
  status: string;
}

/** Everybody who wants something of the shop. */
export class Customers {
  readonly placed: readonly Placed[];
  readonly #parts: Parts;
  readonly #staff = callerOf(staffId, 'staff');
  #busy = 0;

  constructor(parts: Parts) {
    const { plan, neighbours } = parts;
    this.#parts = parts;
    this.placed = plan.orders.map((planned) => ({
      ...{ planned, user_id: neighbours.customers[planned.customer % neighbours.customers.length] as string },
      ...{ acknowledged: new Set<string>(), lost: 0 },
    }));
  }

  start(): void {
    const { world, life } = this.#parts;
    world.as(life, () => {
      for (const one of this.placed) {
        this.#busy += 1;
        void this.#live(one).finally(() => {
          this.#busy -= 1;
        });
      }
    });
  }

  /** Nobody wants anything any more. */
  isDone(): boolean {
    return this.#busy === 0;
  }

  async #live(one: Placed): Promise<void> {
    const { at_ms, doubled } = one.planned;
    await pause(at_ms);
    await Promise.all(doubled ? [this.#place(one), this.#place(one)] : [this.#place(one)]);
    const [order_id] = one.acknowledged;
    if (order_id === undefined) return;
    await Promise.all([this.#cancel(order_id, one), this.#ship(order_id, one), this.#refund(order_id, one)]);
  }

  /** Asks for the order; with a key again and again until there is an answer. */
  async #place(one: Placed): Promise<void> {
    const { world, edges } = this.#parts;
    const { planned } = one;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      world.note(() => `customer ${planned.id} ${attempt === 0 ? 'places an order' : 'places the order once more'}`);
      const reply = await edges.ask('orders', this.#orderOf(one));
      if (reply.kind === 'answered') {
        const { id } = reply.body as OrderBody;
        one.acknowledged.add(id);
        world.note(() => `customer ${planned.id} is answered ${reply.status}, order …${id.slice(-6)}`);
        return;
      }
      world.note(() => `customer ${planned.id} is ${reply.kind === 'lost' ? 'not answered' : `refused: ${reply.code}`}`);
      if (!isPassing(reply)) return;
      one.lost += 1;
      if (!planned.keyed) return;
      await pause(askAgainMs);
    }
  }

  #orderOf({ planned, user_id }: Placed): Request {
    const { products } = this.#parts.neighbours;
    const items = planned.items.map(({ product, quantity }) => ({ product_id: products[product]?.product_id, quantity }));
    return {
      ...{ method: 'POST', path: '/api/orders', caller: callerOf(user_id, 'customer') },
      body: { items, shipping_address, payment_method: planned.payment_method },
      ...(planned.keyed && { idempotency_key: `order-${planned.id}` }),
    };
  }

  async #cancel(order_id: string, { planned, user_id }: Placed): Promise<void> {
    if (planned.cancel_after_ms === null) return;
    await pause(planned.cancel_after_ms);
    await this.#command(order_id, 'cancel', {}, callerOf(user_id, 'customer'));
  }

  async #ship(order_id: string, { planned }: Placed): Promise<void> {
    if (planned.ship_after_ms === null || !(await this.#isConfirmed(order_id))) return;
    await pause(planned.ship_after_ms);
    await this.#command(order_id, 'ship', { carrier: 'post', tracking_number: `T-${planned.id}` });
    if (planned.completes) await this.#command(order_id, 'complete', {});
  }

  async #refund(order_id: string, { planned }: Placed): Promise<void> {
    if (planned.refund_after_ms === null || !(await this.#isConfirmed(order_id))) return;
    await pause(planned.refund_after_ms);
    const listed = await this.#insist('payments', { method: 'GET', path: '/api/payments', query: { order_id }, caller: this.#staff });
    const payment_id = listed.kind === 'answered' ? (listed.body as { id: string }[])[0]?.id : undefined;
    if (payment_id === undefined) return;
    this.#parts.world.note(() => `staff refunds 0.01 of …${order_id.slice(-6)}`);
    const request: Request = {
      ...{ method: 'POST', path: '/api/payments/{payment_id}/refunds', params: { payment_id }, caller: this.#staff },
      ...{ body: { amount: 0.01, reason: 'goodwill' }, idempotency_key: `refund-${planned.id}` },
    };
    await this.#insist('payments', request);
  }

  async #command(order_id: string, verb: 'cancel' | 'ship' | 'complete', body: object, caller: Caller = this.#staff): Promise<void> {
    const { world } = this.#parts;
    world.note(() => `${caller.isStaff ? 'staff' : 'the customer'} asks to ${verb} …${order_id.slice(-6)}`);
    const request: Request = { method: 'POST', path: `/api/orders/{order_id}/${verb}`, params: { order_id }, body, caller };
    const reply = await this.#insist('orders', request);
    world.note(() => `  ${verb} …${order_id.slice(-6)}: ${reply.kind === 'refused' ? reply.code : reply.kind}`);
  }

  /** Follows the order until it is confirmed; false when it is cancelled, or takes too long. */
  async #isConfirmed(order_id: string): Promise<boolean> {
    const request: Request = { method: 'GET', path: '/api/orders/{order_id}', params: { order_id }, caller: this.#staff };
    for (let look = 0; look < looksMax; look += 1) {
      const reply = await this.#insist('orders', request);
      const status = reply.kind === 'answered' ? (reply.body as OrderBody).status : 'cancelled';
      if (status !== 'pending' && status !== 'awaiting_payment') return status !== 'cancelled';
      await pause(lookEveryMs);
    }
    return false;
  }

  /** Asks until there is an answer that will not change. */
  async #insist(service: string, request: Request): Promise<Reply> {
    let reply: Reply = { kind: 'lost' };
    for (let attempt = 0; attempt < attemptsMax && isPassing(reply); attempt += 1) {
      if (attempt > 0) await pause(askAgainMs);
      reply = await this.#parts.edges.ask(service, request);
    }
    return reply;
  }
}

function isPassing(reply: Reply): boolean {
  return reply.kind === 'lost' || (reply.kind === 'refused' && passing.has(reply.code));
}

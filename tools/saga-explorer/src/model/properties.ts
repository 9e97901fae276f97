/** What must hold in every state, and what the books must say when nothing is under way any more (rules 1 to 5 of the auditor). */
import type { ReservationStatus } from '@souk/inventory/domain/reservation';
import type { Checkout } from '@souk/orders/domain/checkout-saga';
import { type Checkouts, place, rowWidth } from './checkout.ts';
import { type EventName, messages } from './messages.ts';
import type { MessageRow } from './notifications.ts';
import { isWaiting } from './orders.ts';
import { chargedOf, isIdle, type PaymentsState } from './payments-state.ts';

interface OrderView {
  order: Checkout;
  reservation: ReservationStatus | null;
  payments: PaymentsState;
}

export interface Properties {
  /** What is wrong in this state, whatever is under way. */
  violated(state: Int32Array): string | undefined;
  /** Nothing is in flight, in memory or claimable: only people and repeats can still do something. */
  isAtRest(state: Int32Array): boolean;
  /** What is wrong in this state, given that it is at rest. */
  unbalanced(state: Int32Array): string | undefined;
  /** What is under way, in words. */
  underWay(state: Int32Array): string;
}

export function createProperties(checkouts: Checkouts): Properties {
  const { tables, bounds } = checkouts;
  const rows = Array.from({ length: bounds.orders }, (_, index) => 1 + index * rowWidth);
  const ordersOf = (state: Int32Array): OrderView[] =>
    rows.map((row) => ({
      order: tables.order.stateOf(state[row + place.order] as number),
      reservation: tables.reservation.stateOf(state[row + place.reservation] as number),
      payments: tables.payments.stateOf(state[row + place.payments] as number),
    }));
  const idle = rememberedAt((number) => isIdle(tables.payments.stateOf(number)));
  const money = rememberedAt((number) => moneyViolated(tables.payments.stateOf(number), bounds.amount));
  const isAtRest = (state: Int32Array): boolean =>
    tables.stock.stateOf(state[0] as number).known &&
    rows.every((row) => state[row + place.unacknowledged] === 0 && idle(state[row + place.payments] as number));
  return {
    isAtRest,
    violated(state) {
      const orders = ordersOf(state);
      const stock = stockViolated(checkouts, state, orders);
      if (stock !== undefined) return stock;
      for (const row of rows) {
        const found = money(state[row + place.payments] as number);
        if (found !== undefined) return found;
      }
      return firstOf(orders, (one) => promiseViolated(one, bounds.amount));
    },
    unbalanced(state) {
      const orders = ordersOf(state);
      const wrong = firstOf(orders, (one) => endViolated(one, bounds.amount));
      if (wrong !== undefined || !bounds.notifications) return wrong;
      return firstOf(rows, (row) => {
        const news = tables.news.stateOf(state[row + place.news] as number);
        return newsViolated(tables.order.stateOf(state[row + place.order] as number), state[row + place.published] as number, news.rows);
      });
    },
    underWay(state) {
      return rows
        .flatMap((row) => {
          const bits = state[row + place.unacknowledged] as number;
          const waiting = messages.filter(({ bit }) => (bits & bit) !== 0).map(({ event, queue }) => `${event} in ${queue}`);
          return idle(state[row + place.payments] as number) ? waiting : [...waiting, 'money'];
        })
        .join(', ');
    },
  };
}

function firstOf<Entry>(entries: readonly Entry[], find: (entry: Entry) => string | undefined): string | undefined {
  for (const entry of entries) {
    const found = find(entry);
    if (found !== undefined) return found;
  }
  return undefined;
}

function rememberedAt<Value>(make: (number: number) => Value): (number: number) => Value {
  const memory = new Map<number, Value>();
  return (number) => {
    if (!memory.has(number)) memory.set(number, make(number));
    return memory.get(number) as Value;
  };
}

/** Rule 1. */
function stockViolated({ tables, bounds }: Checkouts, state: Int32Array, orders: readonly OrderView[]): string | undefined {
  const stock = tables.stock.stateOf(state[0] as number);
  if (!stock.known) return undefined;
  const { on_hand, reserved, ledger_on_hand, ledger_reserved } = stock;
  const count = (status: ReservationStatus): number => orders.filter(({ reservation }) => reservation === status).length;
  if (reserved < 0 || reserved > on_hand) return `${reserved} of ${on_hand} pieces are reserved`;
  if (on_hand !== ledger_on_hand || reserved !== ledger_reserved)
    return `balances (${on_hand}, ${reserved}) and ledger (${ledger_on_hand}, ${ledger_reserved}) differ`;
  if (reserved !== count('held')) return `${reserved} pieces are reserved, and ${count('held')} orders hold one`;
  if (on_hand !== bounds.pieces - count('shipped'))
    return `${on_hand} pieces are left of ${bounds.pieces} after ${count('shipped')} were shipped`;
  return undefined;
}

/** What payments believes beside what the provider did. */
function moneyViolated(state: PaymentsState, amount: number): string | undefined {
  const { times, charged, given_back } = chargedOf(state, amount);
  if (times > 1) return `the provider has charged the customer ${times} times`;
  if (given_back > charged) return `the provider has given back ${given_back} of ${charged}`;
  const { captured, refunded, refunding } = state.payment ?? { captured: 0, refunded: 0, refunding: 0 };
  if (refunded < 0 || refunding < 0 || refunded + refunding > captured)
    return `${refunded} and ${refunding} go back of ${captured} captured`;
  if (captured > charged) return `${captured} is captured, and the provider has charged ${charged}`;
  if (given_back > refunded + refunding) return `the provider has given back ${given_back}, and payments knows of ${refunded + refunding}`;
  if (refunded > given_back) return `${refunded} is booked as refunded, and the provider has given back ${given_back}`;
  return undefined;
}

/** What a confirmation and a shipment promise, from the moment they are decided. */
function promiseViolated({ order, reservation, payments }: OrderView, amount: number): string | undefined {
  const { status } = order;
  if (isWaiting(order) || status === 'cancelled') return undefined;
  if (payments.payment?.captured !== amount) return `the order is ${status}, and its payment is ${payments.payment?.status ?? 'not there'}`;
  const kept = reservation === 'held' || (status !== 'confirmed' && reservation === 'shipped');
  return kept ? undefined : `the order is ${status}, and its reservation is ${reservation ?? 'not there'}`;
}

/** Rules 2 to 4, and the provider's part of rule 5. */
function endViolated({ order, reservation, payments }: OrderView, amount: number): string | undefined {
  const { charged, given_back } = chargedOf(payments, amount);
  const { captured, refunded } = payments.payment ?? { captured: 0, refunded: 0 };
  if (isWaiting(order)) return `the order is ${order.status}, and nothing will ever move it but its deadline`;
  if (charged !== captured || given_back !== refunded)
    return `payments has ${captured} captured and ${refunded} refunded, the provider ${charged} and ${given_back}`;
  if (order.status === 'cancelled') {
    if (captured !== refunded) return `the order is cancelled, and ${captured - refunded} of its money is kept`;
    const free = reservation === 'released' || reservation === 'rejected' || reservation === 'tombstone';
    return free ? undefined : `the order is cancelled, and its reservation is ${reservation ?? 'not there'}`;
  }
  const wanted = order.status === 'confirmed' ? 'held' : 'shipped';
  if (reservation !== wanted) return `the order is ${order.status}, and its reservation is ${reservation ?? 'not there'}`;
  return captured === amount ? undefined : `the order is ${order.status}, and ${captured} of ${amount} is captured`;
}

/** The notifications' part of rule 5: one row for each event, channel and recipient, and an event for whatever became of the order. */
function newsViolated({ status }: Checkout, published: number, rows: readonly MessageRow[]): string | undefined {
  const due = messages
    .filter(({ queue, bit }) => queue === 'notifications.notify-customer' && (published & bit) !== 0)
    .map(({ event }) => event);
  const expected = due.flatMap(channelsOf).sort();
  const found = rows.map(({ event_id, channel }) => `${event_id} by ${channel}`).sort();
  if (expected.join() !== found.join()) return `the customer is due [${expected.join(', ')}] and gets [${found.join(', ')}]`;
  const end = isWaiting({ status } as Checkout) || due.includes(`order.${status}` as EventName);
  return end ? undefined : `the order is ${status}, and the customer is not notified of it`;
}

/** Said here once more, and not by the decision that is looked at. */
function channelsOf(event: EventName): string[] {
  return event === 'order.shipped' ? [`${event} by email`, `${event} by sms`] : [`${event} by email`];
}

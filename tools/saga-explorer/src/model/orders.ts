/** The orders service: the real saga, with the inputs of people and of time at any moment. */
import { toMajor } from '@souk/kernel';
import type { Checkout, CheckoutInput } from '@souk/orders/domain/checkout-saga';
import type { Decisions } from '../decisions.ts';
import { type EventName, events, eventTypeOf } from './messages.ts';
import { attempt, type Outcome } from './participant.ts';

const currency = 'EUR';
const ids = { order_id: '01900000-0000-7000-8000-000000000001', user_id: '01900000-0000-7000-8000-000000000002' };
const payment_id = '01900000-0000-7000-8000-000000000003';
const refund_id = '01900000-0000-7000-8000-000000000004';

/** A new order. Times are of no weight here: a deadline may pass at any moment. */
export function placedOrder(total_amount: number): Checkout {
  const known = { ...ids, order_number: 'S-10001', total_amount, currency, placed_at: 0, version: 1 };
  return { ...known, status: 'pending', payment_method: 'tok_visa', deadline_at: 0 };
}

/** What orders makes of a message. */
export function receiveInput({ orders }: Decisions, state: Checkout, event: EventName): Outcome<Checkout>[] {
  const received = step(orders.decideCheckout, state, inputOf(state, event), `orders receives ${event}`, true);
  return [event === 'payment.action_required' ? waitingForCustomer(state, received) : received];
}

/** Times have no weight here, so that a deadline which was not set anew would not show. */
function waitingForCustomer(before: Checkout, received: Outcome<Checkout>): Outcome<Checkout> {
  const { state } = received;
  if (before.status !== 'awaiting_payment' || (state.status === 'awaiting_payment' && state.action !== null)) return received;
  return { ...received, breaks: `${received.says}, and does not wait for the customer` };
}

interface Command {
  says: string;
  input: CheckoutInput;
  /** Where it has to be done, and what the order is then. */
  due: readonly Checkout['status'][];
  becomes: Checkout['status'];
}

/** Everything in one parcel; what holds parcels of a part is said in ADR 119. */
const wholeParcel = {
  parcel_id: '01900000-0000-7000-8000-000000000005',
  items: [{ product_id: '01900000-0000-7000-8000-0000000000aa', name: 'Green tea', quantity: 1 }],
  unsent_pieces: 0,
  carrier: 'Post',
  tracking_number: '1',
  tracking_url: null,
};

const commands: readonly Command[] = [
  {
    says: 'the customer cancels',
    input: { name: 'cancel_requested', at: 0, reason: 'customer_request', note: null },
    due: ['pending', 'awaiting_payment', 'confirmed', 'cancelled'],
    becomes: 'cancelled',
  },
  {
    says: 'staff ships',
    input: { name: 'ship_requested', at: 0, ...wholeParcel },
    due: ['confirmed', 'shipped'],
    becomes: 'shipped',
  },
  { says: 'staff completes', input: { name: 'complete_requested', at: 0 }, due: ['shipped', 'completed'], becomes: 'completed' },
];

/** What people and time may do to an order, in any state. */
export function orderSteps({ orders }: Decisions, state: Checkout): Outcome<Checkout>[] {
  const asked = commands.map(({ says, input, due, becomes }): Outcome<Checkout> => {
    const done = step(orders.decideCheckout, state, input, says, false);
    if (!due.includes(state.status) || done.state.status === becomes || done.breaks !== undefined) return done;
    return { ...done, breaks: `${says}, and the order is ${done.state.status} and not ${becomes}` };
  });
  return [...asked, deadline(orders.decideCheckout, state)];
}

/** While the other services are away only the deadline ends the wait, so it must. */
function deadline(decide: Decisions['orders']['decideCheckout'], state: Checkout): Outcome<Checkout> {
  const passed = step(decide, state, { name: 'deadline_passed', at: 0 }, 'the deadline passes', false);
  if (!isWaiting(state) || !isWaiting(passed.state)) return passed;
  return { ...passed, breaks: `the order is ${state.status} after its deadline, and waits for as long as the others are away` };
}

export function isWaiting({ status }: Checkout): boolean {
  return status === 'pending' || status === 'awaiting_payment';
}

function step(
  decide: Decisions['orders']['decideCheckout'],
  before: Checkout,
  input: CheckoutInput,
  says: string,
  fair: boolean,
): Outcome<Checkout> {
  const [outcome] = attempt(says, before, () => [taken(decide, before, input, says, fair)]);
  return outcome as Outcome<Checkout>;
}

function taken(
  decide: Decisions['orders']['decideCheckout'],
  before: Checkout,
  input: CheckoutInput,
  says: string,
  fair: boolean,
): Outcome<Checkout> {
  const decision = decide(before, input);
  const same = { state: before, publishes: [], fair };
  if (decision.kind === 'impossible') return { ...same, says, breaks: `${says}, which it takes for impossible: ${decision.why}` };
  if (decision.kind !== 'move') return { ...same, says: `${says}; the order stays ${before.status} (${decision.kind})` };
  const { state } = decision;
  const published = decision.events.map(({ definition }) => named(definition.event_type));
  const reason = state.status === 'cancelled' ? ` (${state.cancel_reason})` : '';
  return { says: `${says}; the order is ${state.status}${reason}`, state, publishes: published, fair, ...broken(before, state, input) };
}

const asked: readonly CheckoutInput['name'][] = ['cancel_requested'];
const endsOfWaiting: readonly CheckoutInput['name'][] = [...asked, 'deadline_passed', 'inventory.rejected', 'payment.processed: declined'];

/** Between two states of one order. */
function broken(before: Checkout, after: Checkout, { name }: CheckoutInput): { breaks?: string } {
  if (after.version !== before.version + 1) return { breaks: `the version of the order goes from ${before.version} to ${after.version}` };
  if (before.status === 'cancelled' || before.status === 'completed') return { breaks: `an order that was ${before.status} moves on` };
  if (before.status === 'shipped' && after.status !== 'completed') return { breaks: `an order that was shipped becomes ${after.status}` };
  const causes = isWaiting(before) ? endsOfWaiting : asked;
  if (after.status === 'cancelled' && !causes.includes(name))
    return { breaks: `the order was ${before.status} and is cancelled by ${name}` };
  return {};
}

function named(event_type: string): EventName {
  const event = events.find((one) => eventTypeOf(one) === event_type);
  if (event === undefined) throw new Error(`the model does not know ${event_type}`);
  return event;
}

function inputOf({ total_amount }: Checkout, event: EventName): CheckoutInput {
  const amount = toMajor(total_amount, currency);
  switch (event) {
    case 'inventory.reserved':
      return { name: event, at: 0, pay_by: 0 };
    case 'inventory.rejected':
      return { name: event, at: 0 };
    case 'payment.action_required':
      return { name: event, at: 0, payment_id, until: 0, note: event };
    case 'payment.processed: succeeded':
      return { name: event, at: 0, payment_id, amount, currency };
    case 'payment.processed: declined':
      return { name: event, at: 0, note: null };
    case 'payment.refunded: cancellation':
    case 'payment.refunded: staff':
      return { name: 'payment.refunded', at: 0, refund_id, amount, currency, reason: event };
    default:
      throw new Error(`orders consumes no ${event}`);
  }
}

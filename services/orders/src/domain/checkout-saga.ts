/**
 * The checkout: an order waits for its stock, then for its money, then is confirmed; or it is cancelled, once, and
 * publishing `order.cancelled` makes every participant give back what it holds, also for a step whose outcome is not
 * known. The promise: whatever arrives, however often and in whatever order, an order ends confirmed (and is then shipped
 * and completed) with stock and money taken exactly once, or cancelled with both given back. Pure: times are in the inputs.
 */
import { type Decision, type Order, orderCancelled, orderCompleted, orderConfirmed, orderShipped, paymentRequested } from '@souk/contracts';
import { toMajor } from '@souk/kernel';
import { event, ignores, impossible, move, refuses, same } from './decision.ts';
import { deliveryAfter, type ParcelContent } from './parcel.ts';

// States: what every status knows, and what only one does.

interface Known {
  order_id: string;
  order_number: string;
  user_id: string;
  total_amount: number;
  currency: string;
  /** The language that the customer named. */
  locale?: string | null;
  /** When it was placed, epoch milliseconds. */
  placed_at: number;
  version: number;
}

interface StateOf {
  pending: { payment_method: string; deadline_at: number };
  awaiting_payment: { deadline_at: number; action: AwaitedAction | null };
  confirmed: object;
  shipped: { carrier: string; tracking_number: string; unsent_pieces: number };
  completed: object;
  cancelled: { cancel_reason: CancelReason };
}

/** What the customer has to do before the money can come; `until` in epoch milliseconds. */
export interface AwaitedAction {
  payment_id: string;
  until: number;
}

export type CheckoutStatus = keyof StateOf;
export type CancelReason = NonNullable<Order['cancel_reason']>;
type In<S extends CheckoutStatus> = Known & { status: S } & StateOf[S];
export type Checkout = { [S in CheckoutStatus]: In<S> }[CheckoutStatus];

/** The parcel by which an order is shipped. */
export interface FirstParcel extends ParcelContent {
  parcel_id: string;
  carrier: string;
  tracking_number: string;
  tracking_url: string | null;
}

// Inputs: events of the participants, commands of people, and time. `at` is when it is handled, epoch milliseconds.

interface InputOf {
  'inventory.reserved': { pay_by: number };
  'inventory.rejected': object;
  'payment.action_required': { payment_id: string; until: number; note: string };
  'payment.processed: succeeded': { payment_id: string; amount: number; currency: string };
  'payment.processed: declined': { note: string | null };
  'payment.refunded': { refund_id: string; amount: number; currency: string; reason: string };
  cancel_requested: { reason: 'customer_request' | 'staff_request'; note: string | null };
  ship_requested: FirstParcel;
  complete_requested: object;
  deadline_passed: object;
}

export type InputName = keyof InputOf;
type Given<I extends InputName> = { name: I; at: number } & InputOf[I];
export type CheckoutInput = { [I in InputName]: Given<I> }[InputName];

// Outputs

type Decided = Decision<Checkout>;
interface Cell<S extends CheckoutStatus, I extends InputName> {
  says: string;
  decide(state: In<S>, input: Given<I>): Decided;
}
type Table = { readonly [S in CheckoutStatus]: { readonly [I in InputName]: Cell<S, I> } };

/** The decision table: a cell that is missing does not compile. */
const table: Table = {
  pending: {
    'inventory.reserved': moves('awaiting_payment; payment.requested', requestPayment),
    'inventory.rejected': moves('cancelled (out_of_stock); order.cancelled', (state) => cancel(state, 'out_of_stock')),
    'payment.action_required': impossible('a payment before it was asked for'),
    'payment.processed: succeeded': impossible('a payment before it was asked for'),
    'payment.processed: declined': impossible('a payment before it was asked for'),
    'payment.refunded': impossible('a refund before a payment'),
    cancel_requested: moves('cancelled (customer_request or staff_request); order.cancelled', (state, { reason }) => cancel(state, reason)),
    ship_requested: refuses('order_not_shippable'),
    complete_requested: refuses('order_not_completable'),
    deadline_passed: moves('cancelled (stock_timeout); order.cancelled', (state) => cancel(state, 'stock_timeout')),
  },
  awaiting_payment: {
    'inventory.reserved': ignores('a repeat'),
    'inventory.rejected': impossible('stock refused after it was reserved'),
    'payment.action_required': {
      says: '→ awaiting_payment, until its page has closed; once, a repeat is ignored',
      decide: awaitCustomer,
    },
    'payment.processed: succeeded': moves('confirmed; order.confirmed', confirm),
    'payment.processed: declined': moves('cancelled (payment_declined); order.cancelled', (state) => cancel(state, 'payment_declined')),
    'payment.refunded': notes('a refund by staff, received before its payment', noteRefund),
    cancel_requested: moves('cancelled (customer_request or staff_request); order.cancelled', (state, { reason }) => cancel(state, reason)),
    ship_requested: refuses('order_not_shippable'),
    complete_requested: refuses('order_not_completable'),
    deadline_passed: moves('cancelled (payment_timeout); order.cancelled', (state) => cancel(state, 'payment_timeout')),
  },
  confirmed: {
    'inventory.reserved': ignores('a repeat'),
    'inventory.rejected': ignores('the stock was reserved'),
    'payment.action_required': ignores('nothing is waited for'),
    'payment.processed: succeeded': ignores('a repeat'),
    'payment.processed: declined': impossible('a payment declined after it succeeded'),
    'payment.refunded': notes('a refund by staff', noteRefund),
    cancel_requested: moves('cancelled (customer_request or staff_request); order.cancelled', (state, { reason }) => cancel(state, reason)),
    ship_requested: moves('shipped; order.shipped', ship),
    complete_requested: refuses('order_not_completable'),
    deadline_passed: ignores('nothing is waited for'),
  },
  shipped: {
    'inventory.reserved': ignores('a repeat'),
    'inventory.rejected': ignores('the stock has left'),
    'payment.action_required': ignores('nothing is waited for'),
    'payment.processed: succeeded': ignores('a repeat'),
    'payment.processed: declined': ignores('the payment succeeded'),
    'payment.refunded': notes('a refund by staff', noteRefund),
    cancel_requested: refuses('order_not_cancellable'),
    ship_requested: same('a repeat: the same answer'),
    complete_requested: {
      says: '→ completed; order.completed; refuse while pieces are to be sent: order_not_completable',
      decide: complete,
    },
    deadline_passed: ignores('nothing is waited for'),
  },
  completed: {
    'inventory.reserved': ignores('a repeat'),
    'inventory.rejected': ignores('the stock has left'),
    'payment.action_required': ignores('nothing is waited for'),
    'payment.processed: succeeded': ignores('a repeat'),
    'payment.processed: declined': ignores('the payment succeeded'),
    'payment.refunded': notes('a refund by staff', noteRefund),
    cancel_requested: refuses('order_not_cancellable'),
    ship_requested: refuses('order_not_shippable'),
    complete_requested: same('a repeat: the same answer'),
    deadline_passed: ignores('nothing is waited for'),
  },
  cancelled: {
    'inventory.reserved': ignores('late stock: its release follows from order.cancelled'),
    'inventory.rejected': ignores('nothing is held'),
    'payment.action_required': ignores('nothing is waited for'),
    'payment.processed: succeeded': notes('late money: payments refunds it by itself', noteLatePayment),
    'payment.processed: declined': ignores('nothing was taken'),
    'payment.refunded': notes('the money went back', noteRefund),
    cancel_requested: same('a repeat: the same answer'),
    ship_requested: refuses('order_not_shippable'),
    complete_requested: refuses('order_not_completable'),
    deadline_passed: ignores('nothing is waited for'),
  },
};

export const checkoutStatuses = Object.keys(table) as CheckoutStatus[];
export const checkoutInputs = Object.keys(table.pending) as InputName[];

/** What an input means for an order in its state. */
export function decideCheckout(state: Checkout, input: CheckoutInput): Decided {
  const row = table[state.status] as Record<InputName, Cell<CheckoutStatus, InputName>>;
  return row[input.name].decide(state, input);
}

/** The table as text for the reference: one row for each status, one column for each input. */
export function checkoutTable(): { status: CheckoutStatus; cells: Record<InputName, string> }[] {
  return checkoutStatuses.map((status) => ({
    status,
    cells: Object.fromEntries(checkoutInputs.map((name) => [name, table[status][name].says])) as Record<InputName, string>,
  }));
}

// The moves, in the order in which the table names them.

function requestPayment(state: In<'pending'>, { pay_by }: Given<'inventory.reserved'>): Decided {
  const { payment_method, ...known } = state;
  const next: Checkout = { ...known, status: 'awaiting_payment', deadline_at: pay_by, action: null, version: state.version + 1 };
  const { order_id, user_id, currency } = state;
  return move(next, event(paymentRequested, { order_id, user_id, amount: totalOf(state), currency, payment_method }));
}

/** The page closes before the deadline passes, so that what is paid on it in time is mostly known by then. */
const actionGraceMs = 60_000;
/** The longest that a page holds the stock. */
const actionMsMax = 35 * 60_000;

function awaitCustomer(state: In<'awaiting_payment'>, { at, payment_id, until }: Given<'payment.action_required'>): Decided {
  if (state.action !== null) return { kind: 'ignore', why: 'a repeat' };
  const deadline_at = Math.min(until + actionGraceMs, at + actionMsMax);
  return move({ ...state, deadline_at, action: { payment_id, until }, version: state.version + 1 });
}

function cancel(state: Checkout, reason: CancelReason): Decided {
  const next: Checkout = { ...knownOf(state), status: 'cancelled', cancel_reason: reason };
  const money = moneyAt(state.status, reason);
  return move(next, event(orderCancelled, { ...namesOf(next), reason, cancelled_by: cancellerOf(reason), money }));
}

/** What is known of the money when an order is cancelled: a charge that was asked for may have happened. */
function moneyAt(status: CheckoutStatus, reason: CancelReason): 'not_taken' | 'unknown' | 'taken' {
  if (status === 'pending' || reason === 'payment_declined') return 'not_taken';
  return status === 'awaiting_payment' ? 'unknown' : 'taken';
}

function confirm(state: In<'awaiting_payment'>, { amount, currency, payment_id }: Given<'payment.processed: succeeded'>): Decided {
  if (currency !== state.currency || amount !== totalOf(state)) {
    return {
      kind: 'impossible',
      why: `payment ${payment_id} took ${amount} ${currency} for an order of ${totalOf(state)} ${state.currency}`,
    };
  }
  const next: Checkout = { ...knownOf(state), status: 'confirmed' };
  return move(next, event(orderConfirmed, { ...namesOf(next), total_amount: amount, currency }));
}

function ship(state: In<'confirmed'>, parcel: Given<'ship_requested'>): Decided {
  const { carrier, tracking_number, unsent_pieces } = parcel;
  const next: Checkout = { ...knownOf(state), status: 'shipped', carrier, tracking_number, unsent_pieces };
  return move(next, event(orderShipped, { ...namesOf(next), ...parcelMembers(parcel) }));
}

/** What an event says of a parcel. */
export function parcelMembers({ parcel_id, items, carrier, tracking_number, tracking_url, unsent_pieces }: FirstParcel) {
  const sent = { carrier, tracking_number, ...(tracking_url !== null && { tracking_url }) };
  return { ...sent, parcel_id, items, delivery: deliveryAfter(unsent_pieces) };
}

function complete(state: In<'shipped'>): Decided {
  if (state.unsent_pieces > 0) return { kind: 'refuse', code: 'order_not_completable' };
  const next: Checkout = { ...knownOf(state), status: 'completed' };
  return move(next, event(orderCompleted, namesOf(next)));
}

function noteRefund(_state: Known, { amount, currency, reason }: Given<'payment.refunded'>): string {
  return `refunded ${amount} ${currency}: ${reason}`;
}

function noteLatePayment(_state: Known, { amount, currency }: Given<'payment.processed: succeeded'>): string {
  return `${amount} ${currency} came after the cancellation and is refunded`;
}

// The words of the table.

function moves<S extends CheckoutStatus, I extends InputName>(says: string, decide: Cell<S, I>['decide']): Cell<S, I> {
  return { says: `→ ${says}`, decide };
}

function notes<I extends InputName>(says: string, textOf: (state: Known, input: Given<I>) => string) {
  return { says: `note: ${says}`, decide: (state: Known, input: Given<I>): Decided => ({ kind: 'note', note: textOf(state, input) }) };
}

/** What stays known after a move, at the next version. */
function knownOf({ order_id, order_number, user_id, total_amount, currency, locale, placed_at, version }: Known): Known {
  return { order_id, order_number, user_id, total_amount, currency, ...(locale && { locale }), placed_at, version: version + 1 };
}

type Names = Pick<Known, 'order_id' | 'order_number' | 'user_id'> & { order_version: number; locale?: string };

function namesOf({ order_id, order_number, user_id, locale, version }: Known): Names {
  return { order_id, order_number, order_version: version, user_id, ...(locale && { locale }) };
}

function totalOf({ total_amount, currency }: Known): number {
  return toMajor(total_amount, currency);
}

/** Who cancels for this reason. */
export function cancellerOf(reason: CancelReason): 'customer' | 'staff' | 'system' {
  if (reason === 'customer_request') return 'customer';
  return reason === 'staff_request' ? 'staff' : 'system';
}

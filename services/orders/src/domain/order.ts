/** What an order is as it is stored, in minor units, and as it is shown. */
import { fields, type Order } from '@souk/contracts';
import { toMajor } from '@souk/kernel';
import { type ParcelRecord, shownDelivery } from './parcel.ts';
import type { OrderLine, OrderTotals } from './price-order.ts';
import { shownLine, shownTotals } from './shown-totals.ts';

/** What its customer has to do, as it is stored. */
export interface PaymentAction {
  payment_id: string;
  until: string;
}

/** An order as it is stored. */
export interface OrderRecord {
  id: string;
  order_number: string;
  user_id: string;
  status: Order['status'];
  items: OrderLine[];
  total_amount: number;
  currency: string;
  totals: OrderTotals | null;
  shipping_address: Order['shipping_address'];
  billing_address: Order['shipping_address'];
  locale: string | null;
  cancel_reason: Order['cancel_reason'];
  carrier: string | null;
  tracking_number: string | null;
  /** What is still to be sent after the first parcel; null where the order is sent as a whole, or not yet. */
  unsent_pieces: number | null;
  /** Null where nothing was sent, or the order was shipped before parcels were kept. */
  parcels: ParcelRecord[] | null;
  /** Kept only while the order awaits its payment. */
  payment_action: PaymentAction | null;
  /** When the wait for stock or payment ends; null when neither is waited for. */
  deadline_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
}

/**
 * The order in the shape of its contract: amounts in major units, and members in the order of the contract whatever order
 * they were sent or stored in (`jsonb` keeps none), so that an order reads the same after it was placed and ever after.
 */
export function toResource(order: OrderRecord): Order {
  const { currency, totals, billing_address, locale } = order;
  return {
    id: order.id,
    order_number: order.order_number,
    user_id: order.user_id,
    status: order.status,
    items: order.items.map((line) => shownLine(line, currency, totals)),
    total_amount: toMajor(order.total_amount, currency),
    currency,
    ...(totals && { totals: shownTotals(totals, currency) }),
    shipping_address: order.shipping_address && presentAddress(order.shipping_address),
    ...(billing_address && { billing_address: presentAddress(billing_address) }),
    ...(locale !== null && { locale }),
    cancel_reason: order.cancel_reason,
    carrier: order.carrier,
    tracking_number: order.tracking_number,
    ...shownDelivery(order),
    ...shownAction(order),
    ...shownWait(order),
    version: order.version,
    created_at: order.created_at,
    updated_at: order.updated_at,
  };
}

/** What an order that awaits its payment asks of its customer; nothing of any other order. */
export function shownAction({ status, payment_action }: Pick<OrderRecord, 'status' | 'payment_action'>): Pick<Order, 'action'> {
  if (status !== 'awaiting_payment' || payment_action === null) return {};
  const { payment_id, until } = payment_action;
  return { action: { what: 'complete_payment', url: `/api/payments/${payment_id}`, until } };
}

const waits = {
  pending: 'stock',
  awaiting_payment: 'payment',
  confirmed: 'shipment',
  shipped: 'completion',
  completed: undefined,
  cancelled: undefined,
} as const;

/** What an order waits for; nothing of one that is at its end. A page of the payment provider closes before the order's own deadline. */
export function shownWait(
  order: Pick<OrderRecord, 'status' | 'payment_action' | 'deadline_at' | 'updated_at'>,
): Pick<Order, 'waiting_for'> {
  const { status, deadline_at, updated_at: since } = order;
  const { action } = shownAction(order);
  if (action) return { waiting_for: { what: 'customer_payment', since, until: action.until } };
  const what = waits[status];
  return what ? { waiting_for: { what, since, until: deadline_at } } : {};
}

type Address = NonNullable<Order['shipping_address']>;
const addressMembers = Object.keys(fields.ShippingAddress.properties) as (keyof Address)[];

function presentAddress(address: Address): Address {
  const members = addressMembers.filter((name) => address[name] !== undefined).map((name) => [name, address[name]]);
  return Object.fromEntries(members) as Address;
}

/** Whether the checkout of an order is over. */
export function isDecided(status: Order['status']): boolean {
  return status !== 'pending' && status !== 'awaiting_payment';
}

/** Whether nothing is gained by waiting: the checkout is over, or goes on only when its customer has paid on a page. */
export function needsNoWait(order: Pick<OrderRecord, 'status' | 'payment_action'>): boolean {
  return isDecided(order.status) || shownAction(order).action !== undefined;
}

/** The records each service serves for the auditor. Amounts are minor units, times epoch milliseconds. */
import type { Order } from '@souk/contracts';
import type { ItemCount, ParcelRecord, ReturnRecord } from './delivery-records.ts';
import type { DisputeRecord, RefundRecord, TransferRecord } from './money-records.ts';

export interface AuditRecord {
  /** Where the record stands in its stream; streams are in ascending order of it. */
  key: string;
}

/** A line of an order: the price of one piece, and what the line says it comes to. */
export interface OrderedItem extends ItemCount {
  price: number;
  line_total: number;
  /** Left out where it is nothing; `paid` where it is `line_total`, `rates` where the line bears all rates of the order. */
  discount?: number;
  tax?: number;
  paid?: number;
  shipping?: number;
  rates?: number[];
}

/** How the total of an order came about: shipping and tax as they were frozen. Rates are parts in a million. */
export interface OrderTotalsRecord {
  items_total: number;
  /** What promotions took off; those on shipping are taken off `shipping_total` already. */
  discounts?: { promotion_id: string; code: string | null; target: string; amount: number }[];
  shipping_total: number;
  tax_total: number;
  tax_included: boolean;
  tax_lines: { name: string; rate_ppm: number; base: number; amount: number }[];
  /** The rates of the shipping where it has its own; else those of the lines. */
  shipping_rates?: number[];
}

export type OrderStatus = Order['status'];

/** One line of an order's history. A move goes from one status to another, a note stays in one. */
export interface HistoryLine {
  version: number;
  from: OrderStatus | null;
  to: OrderStatus;
  at_ms: number;
  actor: string;
  /** What a note is about: `refund:<id>`, `payment:<id>`, `erasure:<user_id>`. */
  note_key: string | null;
}

/** An idempotency key that answers with the order. */
export interface KeyRecord {
  user_id: string;
  created_at_ms: number;
  /** It is the key the order says it was placed under; null where the order does not say. */
  own: boolean | null;
}

/** An order with its history and its idempotency keys, read in one statement. */
export interface OrderRecord extends AuditRecord {
  order_id: string;
  /** Null: there is no such order, although history or keys of it remain. */
  status: OrderStatus | null;
  user_id: string | null;
  total_amount: number;
  currency: string;
  items: OrderedItem[];
  /** Absent where the total is the sum of the lines. */
  totals?: OrderTotalsRecord;
  version: number;
  cancel_reason: string | null;
  deadline_at_ms: number | null;
  /** How long an order in its status waits at most. */
  wait_max_ms: number;
  created_at_ms: number;
  updated_at_ms: number;
  history: HistoryLine[];
  /** Absent where there are none, as with orders that were sent before parcels were kept. */
  parcels?: ParcelRecord[];
  /** What is to be sent after the first parcel; absent or null where nothing is. */
  unsent_pieces?: number | null;
  /** Absent where there are none. */
  returns?: ReturnRecord[];
  keys: KeyRecord[];
  /** The saved cart that was ordered is still there, at that version; absent where the service does not say. */
  cart_kept?: boolean;
  /** Its uses of promotions that are counted, or have a code; absent where there is none. */
  redemptions?: { promotion_id: string; amount: number; state: 'held' | 'released' }[];
  /** The order that the key of this one answers with, while that key is remembered. */
  key_answers: { order_id: string; created_at_ms: number } | null;
}

export type MovementKind = 'received' | 'reserved' | 'released' | 'shipped' | 'adjusted' | 'returned';

/** Movements of an order in the stock ledger, of one product and kind. Several records may be of the same. */
export interface OrderMovements {
  product_id: string;
  kind: MovementKind;
  on_hand_change: number;
  reserved_change: number;
  movements: number;
}

/** A reservation with the movements of its order, read in one statement. */
export interface ReservationRecord extends AuditRecord {
  order_id: string;
  /** Null: there is no reservation, although the ledger has movements of the order. */
  status: 'held' | 'released' | 'shipped' | 'rejected' | 'tombstone' | null;
  items: ItemCount[];
  /** What has left in parcels; absent or null where nothing has, or all of it as a whole. */
  shipped_items?: (ItemCount & { parcel_id: string })[] | null;
  movements: OrderMovements[];
  updated_at_ms: number;
}

/** A payment with its refunds and transfers, read in one statement. */
export interface PaymentRecord extends AuditRecord {
  payment_id: string;
  order_id: string;
  user_id: string;
  amount: number;
  currency: string;
  status: 'requested' | 'charging' | 'action_required' | 'captured' | 'declined' | 'unknown';
  captured: number;
  refunded: number;
  refunds_pending: number;
  cancel_reason: string | null;
  due_at_ms: number | null;
  refunds: RefundRecord[];
  transfers: TransferRecord[];
  /** What disputes hold back or took for good; both absent where there is none. */
  disputed?: number;
  disputes?: DisputeRecord[];
  updated_at_ms: number;
}

/** An order of which payments knows that it was cancelled before its payment was asked for. */
export interface CancellationRecord extends AuditRecord {
  order_id: string;
  reason: string;
  updated_at_ms: number;
}

/** What the payment provider's own record says, read independently of Souk's tables. */
export interface ProviderRecord extends AuditRecord {
  charged: number;
  refunded: number;
  currency: string;
  /** How many charges succeeded, and in how many currencies; 2 may mean more. */
  charges: number;
  currencies: number;
  /** The keys under which it was charged: the ids of payments. */
  idempotency_keys: string[];
  refunds: { idempotency_key: string; amount: number }[];
  /** Absent where there is none. */
  disputes?: Pick<DisputeRecord, 'reference' | 'state' | 'amount'>[];
  updated_at_ms: number;
}

export interface StockRecord extends AuditRecord {
  product_id: string;
  on_hand: number;
  reserved: number;
  stock_version: number;
  /** The last change announced to other services, and when; null before the first. */
  published_version: number;
  published_at_ms: number | null;
  movements_on_hand: number;
  movements_reserved: number;
  /** Movements that ought to belong to an order and do not, or the other way round. */
  movements_misplaced: number;
  /** How often the opening stock was received. */
  openings: number;
  movements: number;
  updated_at_ms: number;
}

/** A product of the catalogue, sold or not. */
export interface ProductRecord extends AuditRecord {
  product_id: string;
  version: number;
  sku: string;
  name: string;
  price: number;
  currency: string;
  status: 'active' | 'archived';
  /** What it shows as available, and of which version of the stock; null when it shows nothing. */
  stock_quantity: number | null;
  stock_version: number | null;
  created_at_ms: number;
  updated_at_ms: number;
}

/** The copy of a product that orders are priced from. Texts and price are null while only its archiving is known. */
export interface CatalogueRecord extends AuditRecord {
  product_id: string;
  product_version: number;
  sku: string | null;
  name: string | null;
  price: number | null;
  currency: string | null;
  status: 'active' | 'archived';
}

/** Messages of one event by one channel. Several records may be of the same. */
export interface MessageCount {
  event_id: string;
  event_type: string;
  channel: string;
  user_id: string;
  messages: number;
}

/** The messages about an order. */
export interface OrderMessagesRecord extends AuditRecord {
  order_id: string;
  messages: MessageCount[];
}

/** The messages of one event about no order, by one channel. */
export interface NotificationRecord extends AuditRecord {
  event_id: string;
  event_type: string;
  channel: string;
  count: number;
  created_at_ms: number;
}

/** A webhook with deliveries that are due. */
export interface DeliveriesRecord extends AuditRecord {
  webhook_id: string;
  due: number;
  /** For how long the first of them is. */
  overdue_ms: number;
}

/** Between these times copies of databases were taken that lie apart; what was lost between them was published once more. */
export interface RestoredWindow {
  since_ms: number;
  until_ms: number;
}

export interface MessagingRecord extends AuditRecord {
  outbox_backlog: number;
  outbox_oldest_age_s: number;
  dead_letters: number;
  broker_connected: boolean;
  /** Every event committed before this time has been handed to the broker. */
  outbox_drained_until_ms: number;
  /** Everything that had reached the service's queues before this time has been handled. */
  queues_drained_until_ms: number;
  /** Restores of the service's database; absent where there was none. */
  restored?: RestoredWindow[];
}

/** Which service serves which stream. */
export const recordSources = {
  orders: 'orders',
  catalogue: 'orders',
  promotions: 'orders',
  reservations: 'inventory',
  stock: 'inventory',
  products: 'products',
  payments: 'payments',
  cancellations: 'payments',
  provider: 'payments',
  order_messages: 'notifications',
  notifications: 'notifications',
  deliveries: 'notifications',
} as const;
export type RecordKind = keyof typeof recordSources;

export interface Finding {
  rule: string;
  detail: string;
  ids: string[];
}

/** A finding with what it takes to be sure of it. */
export interface Suspicion extends Finding {
  /** It settles more slowly than others: so many times the grace must have passed. */
  patience?: number;
  /** A dead letter explains it, and its replay corrects it. */
  explained_by_dead_letter?: true;
}

/** The records each service serves for the auditor. Amounts are minor units, times epoch milliseconds. */
import type { Order } from '@souk/contracts';

export interface AuditRecord {
  /** Where the record stands in its stream; streams are in ascending order of it. */
  key: string;
}

export interface ItemCount {
  product_id: string;
  quantity: number;
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
  /** What its items come to: each price as often as its quantity. */
  items_amount: number;
  /** What its lines say they come to. */
  lines_amount: number;
  currency: string;
  items: ItemCount[];
  version: number;
  cancel_reason: string | null;
  deadline_at_ms: number | null;
  /** How long an order in its status waits at most. */
  wait_max_ms: number;
  created_at_ms: number;
  updated_at_ms: number;
  history: HistoryLine[];
  keys: KeyRecord[];
  /** The order that the key of this one answers with, while that key is remembered. */
  key_answers: { order_id: string; created_at_ms: number } | null;
}

export type MovementKind = 'received' | 'reserved' | 'released' | 'shipped' | 'adjusted';

/** Movements of an order in the stock ledger, by product and kind. */
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
  movements: OrderMovements[];
  updated_at_ms: number;
}

export interface RefundRecord {
  id: string;
  kind: 'cancellation' | 'staff';
  amount: number;
  currency: string;
  status: 'pending' | 'done';
  created_at_ms: number;
  /** When it is tried again; null when it is done, or never. */
  due_at_ms: number | null;
}

/** A line of the double-entry ledger. `refund_id` is null for the capture. */
export interface TransferRecord {
  debit_account: string;
  credit_account: string;
  amount: number;
  currency: string;
  refund_id: string | null;
}

/** A payment with its refunds and transfers, read in one statement. */
export interface PaymentRecord extends AuditRecord {
  payment_id: string;
  order_id: string;
  user_id: string;
  amount: number;
  currency: string;
  status: 'requested' | 'charging' | 'captured' | 'declined' | 'unknown';
  captured: number;
  refunded: number;
  refunds_pending: number;
  cancel_reason: string | null;
  due_at_ms: number | null;
  refunds: RefundRecord[];
  transfers: TransferRecord[];
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
  /** How many charges succeeded, and in how many currencies. */
  charges: number;
  currencies: number;
  /** The keys under which it was charged: the ids of payments. */
  idempotency_keys: string[];
  refunds: { idempotency_key: string; amount: number }[];
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

/** The messages of one event by one channel. */
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

export interface NotificationRecord extends AuditRecord {
  event_id: string;
  event_type: string;
  order_id: string | null;
  channel: string;
  count: number;
  created_at_ms: number;
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
  reservations: 'inventory',
  stock: 'inventory',
  products: 'products',
  payments: 'payments',
  cancellations: 'payments',
  provider: 'payments',
  order_messages: 'notifications',
  notifications: 'notifications',
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

/** The facts each service lays open for the auditor. Amounts are minor units, times epoch milliseconds. */
export interface Fact {
  /** Where the fact stands in its stream; streams are in ascending order of it. */
  key: string;
}

export interface ItemCount {
  product_id: string;
  quantity: number;
}

export interface OrderFact extends Fact {
  order_id: string;
  status: 'pending' | 'awaiting_payment' | 'confirmed' | 'shipped' | 'completed' | 'cancelled';
  total_amount: number;
  /** What its items come to: each price as often as its quantity. */
  items_amount: number;
  currency: string;
  items: ItemCount[];
  deadline_at_ms: number | null;
  updated_at_ms: number;
}

export interface ReservationFact extends Fact {
  order_id: string;
  status: 'held' | 'released' | 'shipped' | 'rejected' | 'tombstone';
  items: ItemCount[];
  updated_at_ms: number;
}

export interface PaymentFact extends Fact {
  payment_id: string;
  order_id: string;
  amount: number;
  currency: string;
  status: 'requested' | 'charging' | 'captured' | 'declined' | 'unknown';
  captured: number;
  refunded: number;
  refunds_pending: number;
  /** The sum of its refunds that are done. */
  refunds_done: number;
  oldest_pending_refund_at_ms: number | null;
  /** Captured less refunded, from the double-entry transfers alone. */
  ledger_net: number;
  updated_at_ms: number;
}

/** What the payment provider's own record says, read independently of Souk's tables. */
export interface ProviderFact extends Fact {
  charged: number;
  refunded: number;
  currency: string;
  charges: number;
  updated_at_ms: number;
}

export interface StockFact extends Fact {
  product_id: string;
  on_hand: number;
  reserved: number;
  movements_on_hand: number;
  movements_reserved: number;
  held_reserved: number;
  movements: number;
  updated_at_ms: number;
}

/** A product of the catalogue, sold or not: each has its record of stock. */
export interface ProductFact extends Fact {
  product_id: string;
  created_at_ms: number;
}

/** What the customer of an order was told of it. */
export interface ToldFact extends Fact {
  order_id: string;
  /** By type, how many different events. */
  told: { event_type: string; events: number }[];
}

export interface NotificationFact extends Fact {
  event_id: string;
  event_type: string;
  channel: string;
  status: string;
  count: number;
  created_at_ms: number;
}

export interface MessagingFact extends Fact {
  outbox_backlog: number;
  outbox_oldest_age_s: number;
  dead_letters: number;
  broker_connected: boolean;
}

/** Which service serves which stream. */
export const factSources = {
  orders: 'orders',
  reservations: 'inventory',
  stock: 'inventory',
  products: 'products',
  payments: 'payments',
  provider: 'payments',
  told: 'notifications',
  notifications: 'notifications',
} as const;
export type FactKind = keyof typeof factSources;

export interface Finding {
  rule: string;
  detail: string;
  ids: string[];
}

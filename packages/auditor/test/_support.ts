import type {
  Fact,
  FactKind,
  FactReader,
  MessagingFact,
  NotificationFact,
  OrderFact,
  PaymentFact,
  ProductFact,
  ProviderFact,
  ReservationFact,
  StockFact,
  ToldFact,
} from '@souk/auditor';
import { derivedUuid } from '@souk/kernel';

export const now_ms = Date.UTC(2026, 10, 22);
const settled_at_ms = now_ms - 600_000;

export const orderId = (number: number): string => derivedUuid('order', String(number));
export const productId = (number: number): string => derivedUuid('product', String(number));
const items = [{ product_id: productId(1), quantity: 2 }];

export function anOrder(values: Partial<OrderFact> = {}): OrderFact {
  const order_id = values.order_id ?? orderId(1);
  return {
    key: order_id,
    order_id,
    status: 'confirmed',
    total_amount: 25_990,
    items_amount: 25_990,
    currency: 'EUR',
    items,
    deadline_at_ms: null,
    updated_at_ms: settled_at_ms,
    ...values,
  };
}

export function aReservation(values: Partial<ReservationFact> = {}): ReservationFact {
  const order_id = values.order_id ?? orderId(1);
  return { key: order_id, order_id, status: 'held', items, updated_at_ms: settled_at_ms, ...values };
}

export function aPayment(values: Partial<PaymentFact> = {}): PaymentFact {
  const order_id = values.order_id ?? orderId(1);
  const captured = values.captured ?? 25_990;
  const refunded = values.refunded ?? 0;
  return {
    key: order_id,
    order_id,
    payment_id: derivedUuid('payment', order_id),
    amount: 25_990,
    currency: 'EUR',
    status: 'captured',
    captured,
    refunded,
    refunds_pending: 0,
    refunds_done: refunded,
    oldest_pending_refund_at_ms: null,
    ledger_net: captured - refunded,
    updated_at_ms: settled_at_ms,
    ...values,
  };
}

export function aCharge(values: Partial<ProviderFact> = {}): ProviderFact {
  return { key: orderId(1), charged: 25_990, refunded: 0, currency: 'EUR', charges: 1, updated_at_ms: settled_at_ms, ...values };
}

export function aStock(values: Partial<StockFact> = {}): StockFact {
  const product_id = values.product_id ?? productId(1);
  return {
    key: product_id,
    product_id,
    on_hand: 50,
    reserved: 2,
    movements_on_hand: 50,
    movements_reserved: 2,
    held_reserved: 2,
    movements: 2,
    updated_at_ms: settled_at_ms,
    ...values,
  };
}

export function aNotification(values: Partial<NotificationFact> = {}): NotificationFact {
  const event_id = derivedUuid('event', '1');
  return {
    key: `${event_id}:email:x`,
    event_id,
    event_type: 'order.confirmed',
    channel: 'email',
    status: 'sent',
    count: 1,
    created_at_ms: settled_at_ms,
    ...values,
  };
}

export function aProduct(values: Partial<ProductFact> = {}): ProductFact {
  const product_id = values.product_id ?? productId(1);
  return { key: product_id, product_id, created_at_ms: settled_at_ms, ...values };
}

/** What the customer of an order was told, each by one event unless said otherwise. */
export function aTelling(told: Readonly<Record<string, number>> = { 'order.confirmed': 1 }, order_id = orderId(1)): ToldFact {
  return { key: order_id, order_id, told: Object.entries(told).map(([event_type, events]) => ({ event_type, events })) };
}

export function aMessaging(values: Partial<MessagingFact> = {}): MessagingFact {
  return { key: 'messaging', outbox_backlog: 0, outbox_oldest_age_s: 0, dead_letters: 0, broker_connected: true, ...values };
}

/** What the services would serve. `messaging` is by service. */
export interface Shop {
  orders: OrderFact[];
  reservations: ReservationFact[];
  payments: PaymentFact[];
  provider: ProviderFact[];
  stock: StockFact[];
  products: ProductFact[];
  told: ToldFact[];
  notifications: NotificationFact[];
  messaging: Record<string, MessagingFact[]>;
}

/** One confirmed order of two pieces, everything in balance; parts can be replaced. */
export function aShop(parts: Partial<Shop> = {}): Shop {
  return {
    orders: [anOrder()],
    reservations: [aReservation()],
    payments: [aPayment()],
    provider: [aCharge()],
    stock: [aStock()],
    products: [aProduct()],
    told: [aTelling()],
    notifications: [aNotification()],
    messaging: Object.fromEntries(
      ['users', 'products', 'orders', 'inventory', 'payments', 'notifications'].map((name) => [name, [aMessaging()]]),
    ),
    ...parts,
  };
}

/** The reader's port over facts in memory, in order of key as the services serve them; `looked` is told of every second look. */
export function readerOf(shop: Shop, looked: (key: string) => void = () => undefined): FactReader {
  const factsOf = (kind: FactKind | 'messaging', service: string): Fact[] =>
    kind === 'messaging' ? (shop.messaging[service] ?? []) : shop[kind];
  return {
    async *stream<F extends Fact>(kind: FactKind | 'messaging', service: string) {
      yield* [...factsOf(kind, service)].sort((left, right) => (left.key < right.key ? -1 : 1)) as F[];
    },
    async one<F extends Fact>(kind: FactKind, service: string, key: string) {
      if (kind === 'orders') looked(key);
      return factsOf(kind, service).find((fact) => fact.key === key) as F | undefined;
    },
  };
}

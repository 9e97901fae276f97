/** Records as the services would serve them, in balance unless members are replaced. */
import type {
  CancellationRecord,
  CatalogueRecord,
  DeliveriesRecord,
  HistoryLine,
  ItemCount,
  MessagingRecord,
  NotificationRecord,
  OrderedItem,
  OrderMessagesRecord,
  OrderRecord,
  PaymentRecord,
  ProductRecord,
  PromotionRecord,
  ProviderRecord,
  ReservationRecord,
  StockRecord,
} from '@souk/auditor';
import { derivedUuid } from '@souk/kernel';

export const now_ms = Date.UTC(2026, 10, 22);
const settled_at_ms = now_ms - 600_000;

export const orderId = (number: number): string => derivedUuid('order', String(number));
export const productId = (number: number): string => derivedUuid('product', String(number));
export const userId = (number: number): string => derivedUuid('user', String(number));
const items = [{ product_id: productId(1), quantity: 2 }];
const stepsTo: Readonly<Record<NonNullable<OrderRecord['status']>, readonly NonNullable<OrderRecord['status']>[]>> = {
  pending: ['pending'],
  awaiting_payment: ['pending', 'awaiting_payment'],
  confirmed: ['pending', 'awaiting_payment', 'confirmed'],
  shipped: ['pending', 'awaiting_payment', 'confirmed', 'shipped'],
  completed: ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed'],
  cancelled: ['pending', 'awaiting_payment', 'confirmed', 'cancelled'],
};

/** The lines of a history that goes through these statuses, with notes of these refunds at its end. */
export function aHistory(steps: readonly NonNullable<OrderRecord['status']>[], refund_ids: readonly string[] = []): HistoryLine[] {
  const line = { at_ms: settled_at_ms, actor: `user:${userId(1)}` };
  const last = steps.at(-1) ?? 'pending';
  return [
    ...steps.map((to, index) => ({ ...line, version: index + 1, from: steps[index - 1] ?? null, to, note_key: null })),
    ...refund_ids.map((id) => ({ ...line, version: steps.length, from: last, to: last, note_key: `refund:${id}` })),
  ];
}

/** A confirmed order; a cancelled one had been confirmed, unless its history says something else. */
export function anOrder(
  values: Partial<Omit<OrderRecord, 'items'>> & { items?: readonly (ItemCount & Partial<OrderedItem>)[] } = {},
): OrderRecord {
  const order_id = values.order_id ?? orderId(1);
  const status = values.status === undefined ? 'confirmed' : values.status;
  const total_amount = values.total_amount ?? 25_990;
  const history = values.history ?? aHistory(stepsTo[status ?? 'confirmed']);
  return {
    key: order_id,
    order_id,
    status,
    user_id: userId(1),
    total_amount,
    currency: 'EUR',
    version: Math.max(0, ...history.map((line) => line.version)),
    cancel_reason: status === 'cancelled' ? 'customer_request' : null,
    deadline_at_ms: null,
    wait_max_ms: 600_000,
    created_at_ms: settled_at_ms,
    updated_at_ms: settled_at_ms,
    history,
    keys: [],
    key_answers: null,
    ...values,
    items: priced(values.items ?? items, total_amount),
  };
}

/** The items at one price for each piece, by which they come to the total, where they do not say another. */
function priced(of: readonly (ItemCount & Partial<OrderedItem>)[], total_amount: number): OrderedItem[] {
  const price = total_amount / of.reduce((sum, { quantity }) => sum + quantity, 0);
  return of.map((item) => ({ price, line_total: price * item.quantity, ...item }));
}

const movesTo = {
  held: ['reserved'],
  released: ['reserved', 'released'],
  shipped: ['reserved', 'shipped'],
  rejected: [],
  tombstone: [],
} as const;

export function aReservation(values: Partial<ReservationRecord> = {}): ReservationRecord {
  const order_id = values.order_id ?? orderId(1);
  const status = values.status === undefined ? 'held' : values.status;
  const of = values.items ?? items;
  const movements = (status === null ? [] : movesTo[status]).flatMap((kind) =>
    of.map(({ product_id, quantity }) => ({
      product_id,
      kind,
      on_hand_change: kind === 'shipped' ? -quantity : 0,
      reserved_change: kind === 'reserved' ? quantity : -quantity,
      movements: 1,
    })),
  );
  return { key: order_id, order_id, status, items, movements, updated_at_ms: settled_at_ms, ...values };
}

/** A note in this version of the history. */
export function aNote(version: number, status: NonNullable<OrderRecord['status']>, note_key: string): HistoryLine {
  return { version, from: status, to: status, at_ms: settled_at_ms, actor: 'system', note_key };
}

const captureTransfer = { debit_account: 'provider', credit_account: 'sales', currency: 'EUR', refund_id: null };
export const refundId = (order_id = orderId(1)): string => derivedUuid('refund', order_id);
export const paymentId = (order_id = orderId(1)): string => derivedUuid('payment', order_id);

/** A captured payment; what is refunded of it is one refund, done and booked. */
export function aPayment(values: Partial<PaymentRecord> = {}): PaymentRecord {
  const order_id = values.order_id ?? orderId(1);
  const captured = values.captured ?? (values.status === undefined || values.status === 'captured' ? (values.amount ?? 25_990) : 0);
  const refunded = values.refunded ?? 0;
  const pending = values.refunds_pending ?? 0;
  const kind = values.cancel_reason ? ('cancellation' as const) : ('staff' as const);
  const refund = { id: refundId(order_id), kind, currency: 'EUR', created_at_ms: settled_at_ms };
  const refunds = [
    ...(refunded > 0 ? [{ ...refund, amount: refunded, status: 'done' as const, due_at_ms: null }] : []),
    ...(pending > 0
      ? [{ ...refund, id: derivedUuid('pending', order_id), amount: pending, status: 'pending' as const, due_at_ms: now_ms }]
      : []),
  ];
  return {
    key: order_id,
    order_id,
    payment_id: paymentId(order_id),
    user_id: userId(1),
    amount: 25_990,
    currency: 'EUR',
    status: 'captured',
    captured,
    refunded,
    refunds_pending: pending,
    cancel_reason: null,
    due_at_ms: values.status === undefined || ['captured', 'declined'].includes(values.status) ? null : now_ms,
    refunds,
    transfers: [
      ...(captured > 0 ? [{ ...captureTransfer, amount: captured }] : []),
      ...(refunded > 0
        ? [{ debit_account: 'sales', credit_account: 'provider', amount: refunded, currency: 'EUR', refund_id: refundId(order_id) }]
        : []),
    ],
    updated_at_ms: settled_at_ms,
    ...values,
  };
}

export function aCancellation(values: Partial<CancellationRecord> = {}): CancellationRecord {
  const order_id = values.order_id ?? orderId(1);
  return { key: order_id, order_id, reason: 'customer_request', updated_at_ms: settled_at_ms, ...values };
}

export function aCharge(values: Partial<ProviderRecord> = {}): ProviderRecord {
  const key = values.key ?? orderId(1);
  const refunded = values.refunded ?? 0;
  return {
    key,
    charged: 25_990,
    refunded,
    currency: 'EUR',
    charges: 1,
    currencies: 1,
    idempotency_keys: [paymentId(key)],
    refunds: refunded > 0 ? [{ idempotency_key: refundId(key), amount: refunded }] : [],
    updated_at_ms: settled_at_ms,
    ...values,
  };
}

export function aStock(values: Partial<StockRecord> = {}): StockRecord {
  const product_id = values.product_id ?? productId(1);
  return {
    key: product_id,
    product_id,
    on_hand: 50,
    reserved: 2,
    stock_version: 3,
    published_version: 3,
    published_at_ms: settled_at_ms,
    movements_on_hand: values.on_hand ?? 50,
    movements_reserved: values.reserved ?? 2,
    movements_misplaced: 0,
    openings: 1,
    movements: 2,
    updated_at_ms: settled_at_ms,
    ...values,
  };
}

export function aNotification(values: Partial<NotificationRecord> = {}): NotificationRecord {
  const event_id = derivedUuid('event', '1');
  return {
    key: `${event_id}:email`,
    event_id,
    event_type: 'user.registered',
    channel: 'email',
    count: 1,
    created_at_ms: settled_at_ms,
    ...values,
  };
}

/** As long due as it may be. */
export function aDelivery(values: Partial<DeliveriesRecord> = {}): DeliveriesRecord {
  return { key: userId(9), webhook_id: userId(9), due: 3, overdue_ms: 3_600_000, ...values };
}

export function aProduct(values: Partial<ProductRecord> = {}): ProductRecord {
  const product_id = values.product_id ?? productId(1);
  return {
    key: product_id,
    product_id,
    version: 1,
    sku: product_id,
    name: 'Copper kettle',
    price: 12_995,
    currency: 'EUR',
    status: 'active',
    stock_quantity: 48,
    stock_version: 3,
    created_at_ms: settled_at_ms,
    updated_at_ms: settled_at_ms,
    ...values,
  };
}

/** What orders knows of `aProduct`. */
export function aCatalogueEntry(values: Partial<CatalogueRecord> = {}): CatalogueRecord {
  const product_id = values.product_id ?? productId(1);
  return {
    key: product_id,
    product_id,
    product_version: 1,
    sku: product_id,
    name: 'Copper kettle',
    price: 12_995,
    currency: 'EUR',
    status: 'active',
    ...values,
  };
}

/** The messages about an order by mail, each of one event unless said otherwise. */
export function orderMessages(
  counts: Readonly<Record<string, number>> = { 'order.confirmed': 1 },
  order_id = orderId(1),
): OrderMessagesRecord {
  const message = { channel: 'email', user_id: userId(1), messages: 1 };
  return {
    key: order_id,
    order_id,
    messages: Object.entries(counts).flatMap(([event_type, events]) =>
      Array.from({ length: events }, (_, number) => ({
        ...message,
        event_type,
        event_id: derivedUuid('event', `${order_id} ${event_type} ${number}`),
      })),
    ),
  };
}

export function aMessaging(values: Partial<MessagingRecord> = {}): MessagingRecord {
  return {
    key: 'messaging',
    outbox_backlog: 0,
    outbox_oldest_age_s: 0,
    dead_letters: 0,
    broker_connected: true,
    outbox_drained_until_ms: Number.MAX_SAFE_INTEGER,
    queues_drained_until_ms: Number.MAX_SAFE_INTEGER,
    ...values,
  };
}

export const aPromotion = (values: Partial<PromotionRecord> = {}): PromotionRecord => ({
  ...{ key: productId(9), promotion_id: productId(9), used: 2, held: 2, uses_max: 2, codes_differing: 0, codes_exceeded: 0 },
  ...values,
});

/** A use of that promotion. */
export const aUse = (state: 'held' | 'released', amount = 500) => ({ promotion_id: productId(9), amount, state });

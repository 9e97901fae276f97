/** What a service durably knows of one order, as records to explain it from. Amounts are minor units. */
import Type, { type Static } from 'typebox';
import type { RouteDeclaration } from '../define-route.ts';
import { CancelReason, Currency, Nullable, OrderId, OrderNumber, OrderStatus, ProductId, Timestamp, UserId } from '../fields.ts';
import { OrderTransition } from './orders.ts';
import { OrderTotalsShown } from './totals.ts';

const Minor = Type.Integer({ minimum: 0, description: 'Minor units.' });
const Id = Type.String();
const Text = Type.String();
/** One of these words. */
const oneOf = <const Word extends string>(words: readonly Word[]) => Type.Unsafe<Word>(Type.Union(words.map((word) => Type.Literal(word))));
const Count = Type.Integer({ minimum: 0 });

/** The order itself, as `orders` keeps it. */
export const RecordedOrder = Type.Object({
  id: OrderId,
  order_number: OrderNumber,
  user_id: UserId,
  linked_to: Type.Optional(Nullable(UserId)),
  status: OrderStatus,
  items: Type.Array(
    Type.Object({ product_id: ProductId, sku: Text, name: Text, quantity: Type.Integer(), price: Minor, line_total: Minor }),
  ),
  total_amount: Minor,
  totals: Type.Optional({ ...OrderTotalsShown, description: 'In major units, as the order shows them.' } as typeof OrderTotalsShown),
  currency: Currency,
  version: Type.Integer(),
  cancel_reason: Nullable(CancelReason),
  deadline_at: Nullable(Timestamp),
  correlation_id: Nullable(Id),
  traceparent: Nullable(Text),
  placed_under_key: Type.Boolean({ description: 'The request had an idempotency key.' }),
  erased_at: Nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
});
/** A line of the history with what a note is about, such as `refund:<id>`. */
export const RecordedTransition = Type.Object({ ...OrderTransition.properties, note_key: Nullable(Text) });
export const RecordedReservation = Type.Object({
  status: oneOf(['held', 'released', 'shipped', 'rejected', 'tombstone']),
  items: Type.Array(Type.Object({ product_id: ProductId, quantity: Type.Integer() })),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export const RecordedMovement = Type.Object({
  id: Id,
  product_id: ProductId,
  kind: Text,
  on_hand_change: Type.Integer(),
  reserved_change: Type.Integer(),
  at: Timestamp,
});
export const RecordedPayment = Type.Object({
  id: Id,
  amount: Minor,
  currency: Currency,
  status: oneOf(['requested', 'charging', 'action_required', 'captured', 'declined', 'unknown']),
  decline_code: Nullable(Text),
  captured: Minor,
  refunded: Minor,
  refunding: Minor,
  provider: Text,
  cancel_reason: Nullable(Text),
  attempts: Count,
  due_at: Nullable(Timestamp),
  event_id: Nullable(Id),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export const RecordedRefund = Type.Object({
  id: Id,
  kind: oneOf(['cancellation', 'staff', 'return', 'retry', 'dispute']),
  amount: Minor,
  currency: Currency,
  reason: Text,
  status: oneOf(['pending', 'done', 'failed', 'by_hand']),
  failure_code: Nullable(Text),
  retried_as: Nullable(Id),
  attempts: Count,
  due_at: Nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export const RecordedDispute = Type.Object({
  id: Id,
  reference: Text,
  state: oneOf(['inquiry', 'closed', 'open', 'won', 'lost']),
  amount: Minor,
  currency: Currency,
  reason: Text,
  evidence_due_at: Nullable(Timestamp),
  opened_at: Timestamp,
  updated_at: Timestamp,
});
export const RecordedTransfer = Type.Object({ refund_id: Nullable(Id), amount: Minor, currency: Currency, at: Timestamp });
/** What the provider's own record says, read independently of Souk's tables. */
export const ProviderAccount = Type.Object({
  charges: Type.Array(
    Type.Object({
      idempotency_key: Id,
      status: oneOf(['succeeded', 'declined', 'failed', 'action_required']),
      amount: Minor,
      currency: Currency,
      decline_code: Nullable(Text),
      calls: Type.Integer({ minimum: 1, description: 'How often the charge was sent.' }),
      at: Timestamp,
    }),
  ),
  refunds: Type.Array(Type.Object({ idempotency_key: Id, amount: Minor, at: Timestamp })),
});
export const RecordedMessage = Type.Object({
  id: Id,
  event_id: Id,
  event_type: Text,
  channel: Text,
  status: oneOf(['pending', 'sent', 'failed', 'suppressed']),
  attempts: Count,
  failure_code: Nullable(Text),
  created_at: Timestamp,
  sent_at: Nullable(Timestamp),
});
export const RecordedDeadLetter = Type.Object({
  id: Text,
  queue: Text,
  event_id: Nullable(Text),
  event_type: Nullable(Text),
  reason: Text,
  attempts: Type.Integer(),
  died_at: Timestamp,
});
export const UnsentEvent = Type.Object({ event_id: Id, event_type: Text, at: Timestamp });

/** The parts that a service has of its own; absent in the answers of the others. */
export const OrderRecordParts = Type.Object({
  order: Type.Optional(RecordedOrder),
  transitions: Type.Optional(Type.Array(RecordedTransition)),
  reservation: Type.Optional(RecordedReservation),
  movements: Type.Optional(Type.Array(RecordedMovement)),
  payment: Type.Optional(RecordedPayment),
  refunds: Type.Optional(Type.Array(RecordedRefund)),
  transfers: Type.Optional(Type.Array(RecordedTransfer)),
  disputes: Type.Optional(Type.Array(RecordedDispute)),
  provider: Type.Optional(ProviderAccount),
  cancelled_unpaid: Type.Optional(
    Type.Object({ reason: Text, at: Timestamp }, { description: 'Payments received the cancellation before a payment was requested.' }),
  ),
  messages: Type.Optional(Type.Array(RecordedMessage)),
});
export type OrderRecordParts = Static<typeof OrderRecordParts>;

export const OrderRecords = Type.Object(
  {
    service: Text,
    order_id: OrderId,
    parts: OrderRecordParts,
    unsent_events: Type.Array(UnsentEvent),
    dead_letters: Type.Array(RecordedDeadLetter),
  },
  { title: 'OrderRecords' },
);
export type OrderRecords = Static<typeof OrderRecords>;

/**
 * The declaration of a service's `GET /internal/orders/{order}/records`. Only `orders` knows orders by their number; the correlation
 * finds dead letters whose content was erased.
 */
export const orderRecordsRoute = {
  method: 'GET',
  path: '/internal/orders/{order}/records',
  summary: 'What the service durably knows of one order',
  access: 'internal',
  limit: 'none',
  params: Type.Object({ order: Type.Union([OrderId, OrderNumber]) }),
  query: Type.Object({ correlation_id: Type.Optional(Type.String({ maxLength: 100 })) }, { additionalProperties: false }),
  responses: { 200: OrderRecords },
} as const satisfies Omit<RouteDeclaration, 'service'>;

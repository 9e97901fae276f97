/** The explanation of one order: what happened, in causal order, across all services. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Nullable, OrderId, OrderNumber, OrderStatus, Timestamp } from '../fields.ts';

export const ExplanationStep = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  at: Timestamp,
  after_ms: Type.Integer({ description: 'Since the order was placed.' }),
  service: Type.String({ description: 'Whose record says so; `provider` for the record of the payment provider.' }),
  kind: Type.String({ description: 'What happened, such as `stock_held` or `dead_letter`.' }),
  text: Type.String({ description: 'The same in words.' }),
  id: Nullable(Type.String({ description: 'Of the record.' })),
  attempts: Nullable(Type.Integer({ description: 'How often it was tried, where that is recorded.' })),
  is_problem: Type.Boolean({ description: 'Something that operators may have to act on.' }),
  because_of: Type.Array(
    Type.Object({
      step: Type.Integer({ minimum: 1 }),
      event_type: Nullable(Type.String({ description: 'The event that carried it; null where it was no event.' })),
      event_id: Nullable(Type.String({ description: 'Null where no service records it.' })),
      waited_ms: Type.Integer({ description: 'From the cause to this step.' }),
    }),
  ),
});
export type ExplanationStep = Static<typeof ExplanationStep>;

export const OrderExplanation = Type.Object(
  {
    order_id: OrderId,
    order_number: OrderNumber,
    status: OrderStatus,
    correlation_id: Nullable(Type.String()),
    trace_id: Nullable(Type.String({ description: 'Of the trace in which it was placed, where one was recorded.' })),
    read_at: Timestamp,
    summary: Type.String({ description: 'One paragraph in plain words.' }),
    steps: Type.Array(ExplanationStep),
    incomplete: Type.Array(Type.String(), { description: 'Services that did not answer: what they know is missing here.' }),
    not_recorded: Type.Array(Type.String(), { description: 'What no service keeps, so that it cannot be said.' }),
  },
  { title: 'OrderExplanation' },
);
export type OrderExplanation = Static<typeof OrderExplanation>;

export const explainOrder = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}/why',
  service: 'operations',
  summary: 'What happened to an order, and why',
  access: 'staff',
  scope: 'orders:read',
  limit: 'read',
  timeout_ms: 15_000,
  params: Type.Object({ order_id: OrderId }),
  responses: { 200: OrderExplanation },
  errors: ['service_unavailable'],
});
/** The same for operators of the installation, who need no account; it also takes the order's number. */
export const explainOrderRoute = defineRoute({
  method: 'GET',
  path: '/internal/orders/{order}/why',
  service: 'operations',
  summary: 'The same for the command line; takes the number of an order too',
  access: 'internal',
  limit: 'none',
  params: Type.Object({ order: Type.Union([OrderId, OrderNumber]) }),
  responses: { 200: OrderExplanation },
  errors: ['service_unavailable'],
});

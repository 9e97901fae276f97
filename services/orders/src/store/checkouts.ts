/** Loads and saves the checkouts of many orders at once: the SQL behind the saga. */

import { timestamp } from '@souk/kernel';
import type { Step } from '@souk/messaging/saga';
import type { Tx } from '@souk/postgres';
import type { AwaitedAction, CancelReason, Checkout, CheckoutInput, CheckoutStatus } from '../domain/checkout-saga.ts';
import type { PaymentAction } from '../domain/order.ts';

export type CheckoutStep = Step<Checkout, CheckoutInput>;

interface CheckoutRow {
  id: string;
  order_number: string;
  user_id: string;
  status: CheckoutStatus;
  total_amount: number;
  currency: string;
  locale: string | null;
  payment_method: string | null;
  cancel_reason: CancelReason | null;
  carrier: string | null;
  tracking_number: string | null;
  unsent_pieces: number | null;
  version: number;
  deadline_at: string | null;
  payment_action: PaymentAction | null;
  created_at: string;
}

/** The states, locked in order of id. */
export async function loadCheckouts(tx: Tx, order_ids: readonly string[]): Promise<Map<string, Checkout>> {
  const rows = await tx.query<CheckoutRow>(
    `select id, order_number, user_id, status, total_amount, currency, locale, payment_method, cancel_reason, carrier, tracking_number, unsent_pieces, version,
       deadline_at, payment_action, created_at
     from orders where id = any($1::uuid[]) order by id for no key update`,
    [order_ids],
  );
  return new Map(rows.map((row) => [row.id, stateOf(row)]));
}

/** The constraints of the table keep what each status has, so that only the union has to be rebuilt. */
function stateOf({ id, deadline_at, created_at, payment_action, unsent_pieces, ...row }: CheckoutRow): Checkout {
  const action = payment_action && { ...payment_action, until: Date.parse(payment_action.until) };
  const times = { placed_at: Date.parse(created_at), deadline_at: deadline_at === null ? 0 : Date.parse(deadline_at) };
  return { ...row, ...times, action, unsent_pieces: unsent_pieces ?? 0, order_id: id } as unknown as Checkout;
}

/**
 * Writes the last state of each order and a line of history for each step. What is noted twice is written once, and a payment that has
 * confirmed the order before it was cancelled is no late one, however often it is delivered again. The ids are given beside the rows
 * because a plan that was made while the table was small would otherwise read all of it; for the same reason the earlier line is looked for
 * with a limit, one order at a time.
 */
export async function saveSteps(tx: Tx, steps: readonly CheckoutStep[]): Promise<void> {
  const moved = new Map(steps.filter(({ decision }) => decision.kind === 'move').map((step) => [step.after.order_id, rowOf(step)]));
  await tx.query(
    `with moved as (
       update orders o set
         status = m.status, version = m.version, deadline_at = m.deadline_at, cancel_reason = m.cancel_reason,
         payment_action = m.payment_action,
         payment_method = case when m.status <> 'cancelled' then o.payment_method end,
         carrier = coalesce(m.carrier, o.carrier), tracking_number = coalesce(m.tracking_number, o.tracking_number),
         unsent_pieces = coalesce(m.unsent_pieces, o.unsent_pieces), updated_at = m.updated_at
       from json_to_recordset($1::json) as m (
         id uuid, status text, version integer, deadline_at timestamptz, payment_action jsonb, cancel_reason text, carrier text, tracking_number text,
         unsent_pieces integer, updated_at timestamptz)
       where o.id = m.id and o.id = any($3::uuid[])
     )
     insert into order_history (order_id, version, "from", "to", at, cause, cause_id, actor, note, note_key)
     select * from json_to_recordset($2::json) as h (
       order_id uuid, version integer, "from" text, "to" text, at timestamptz, cause text, cause_id text, actor text, note text, note_key text)
     where h.note_key is null or h.note_key not like 'payment:%'
       or (select c.version from order_history c where c.order_id = h.order_id and c."to" = 'confirmed' limit 1) is null
     on conflict (order_id, note_key) where note_key is not null do nothing`,
    [JSON.stringify([...moved.values()]), JSON.stringify(steps.map(historyOf)), [...moved.keys()]],
  );
}

function rowOf({ after, input }: CheckoutStep) {
  return {
    id: after.order_id,
    status: after.status,
    version: after.version,
    deadline_at: after.status === 'awaiting_payment' ? timestamp(after.deadline_at) : null,
    payment_action: after.status === 'awaiting_payment' ? storedAction(after.action) : null,
    cancel_reason: after.status === 'cancelled' ? after.cancel_reason : null,
    carrier: after.status === 'shipped' ? after.carrier : null,
    tracking_number: after.status === 'shipped' ? after.tracking_number : null,
    unsent_pieces: after.status === 'shipped' ? after.unsent_pieces : null,
    updated_at: timestamp(input.input.at),
  };
}

/** The action as its column has it. */
export function storedAction(action: AwaitedAction | null): PaymentAction | null {
  return action && { payment_id: action.payment_id, until: timestamp(action.until) };
}

function historyOf({ before, after, input, decision }: CheckoutStep) {
  return {
    order_id: after.order_id,
    version: after.version,
    from: before.status,
    to: after.status,
    at: timestamp(input.input.at),
    cause: causeName(input.input),
    cause_id: input.input_id,
    actor: input.cause.actor ?? 'system',
    note: decision.kind === 'note' ? decision.note : 'note' in input.input ? input.input.note : null,
    note_key: decision.kind === 'note' || input.input.name === 'payment.action_required' ? noteKey(input.input) : null,
  };
}

/** `payment.processed: succeeded` was caused by a `payment.processed`. */
export function causeName({ name }: CheckoutInput): string {
  return name.split(':')[0] as string;
}

/** What a note is about: the same refund, page or late payment is noted once, also when it comes as another event. */
function noteKey(input: CheckoutInput): string | null {
  if (input.name === 'payment.refunded') return `refund:${input.refund_id}`;
  if (input.name === 'payment.action_required') return `action:${input.payment_id}`;
  return input.name === 'payment.processed: succeeded' ? `payment:${input.payment_id}` : null;
}

export interface OverdueOrder {
  id: string;
  deadline_at: string;
  /** Correlation of the request that placed it; null where that was not kept. */
  correlation_id: string | null;
  correlation: string | null;
  traceparent: string | null;
}

/** Locks orders that have waited past their deadline, oldest first; those another process works on are left to it. */
export async function lockOverdue(tx: Tx, passed_until: string, limit: number): Promise<OverdueOrder[]> {
  return tx.query(
    `select id, deadline_at, correlation_id, correlation, traceparent from orders
     where status in ('pending', 'awaiting_payment') and deadline_at < $1::timestamptz
     order by id limit $2 for no key update skip locked`,
    [passed_until, limit],
  );
}

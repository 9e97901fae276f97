/** One paragraph in plain words about an order: fixed rules over its records, in a fixed order. */
import type { ExplanationStep } from '@souk/contracts';
import { toMinor } from '@souk/kernel';
import { durationText, type JoinedRecords, money, moveTo, piecesText } from './joined-records.ts';

type Rule = (records: JoinedRecords, steps: readonly ExplanationStep[]) => string[];

/** Events are handled within milliseconds; what took longer than this waited for something. */
const longWaitMs = 5_000;
const waitsNamedMax = 4;

const rules: readonly Rule[] = [
  placing,
  pricing,
  stock,
  payment,
  ending,
  waiting,
  refunds,
  disputes,
  messages,
  longWaits,
  tries,
  problems,
  disagreement,
  erasure,
  missing,
];

/** The paragraph; every sentence follows from a record. */
export function summaryOf(records: JoinedRecords, steps: readonly ExplanationStep[]): string {
  return rules.flatMap((rule) => rule(records, steps)).join(' ');
}

/** From the placement of the order to a time. */
function later({ order }: JoinedRecords, at: string): string {
  return durationText(Date.parse(at) - Date.parse(order.created_at));
}

function dayText(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}

function isAway({ incomplete }: JoinedRecords, service: string): boolean {
  return incomplete.includes(service);
}

function placing({ order }: JoinedRecords): string[] {
  const { order_number, created_at, total_amount, currency, items } = order;
  return [`Order ${order_number} was placed on ${dayText(created_at)} for ${money(total_amount, currency)}: ${piecesText(order, items)}.`];
}

/** How the total came about, where it is not the sum of the lines. */
function pricing({ order: { totals, currency } }: JoinedRecords): string[] {
  if (totals === undefined) return [];
  const shown = (amount: number): string => money(toMinor(amount, currency), currency);
  const off = (totals.discounts ?? []).map(
    ({ amount, label, code, target }) =>
      `${shown(amount)} off ${target === 'shipping' ? 'its shipping' : 'its goods'} by "${label}"${code === null ? '' : ` (code ${code})`}`,
  );
  const { shipping_total, shipping_method, tax_total, tax_included } = totals;
  const sending = shipping_method === null ? [] : [`${shown(shipping_total)} for shipping (${shipping_method.name})`];
  const tax = tax_total === 0 ? [] : [`${shown(tax_total)} of tax, ${tax_included ? 'inside of the prices' : 'on top'}`];
  const parts = [...off, ...sending, ...tax];
  return parts.length === 0 ? [] : [`Its goods came to ${shown(totals.items_total)}: ${parts.join('; ')}.`];
}

function stock(records: JoinedRecords): string[] {
  const { reservation, order } = records;
  if (!reservation) {
    if (isAway(records, 'inventory') || order.status === 'pending') return [];
    return order.status === 'cancelled' ? ['Inventory knows nothing of it.'] : ['Inventory has no reservation for it, which must not be.'];
  }
  if (reservation.status === 'tombstone') return ['It was cancelled before inventory came to hold anything for it.'];
  const after = later(records, reservation.created_at);
  return [reservation.status === 'rejected' ? `After ${after} there was not enough stock for it.` : `Its pieces were held after ${after}.`];
}

function payment(records: JoinedRecords): string[] {
  const { payment: own, order, transfers } = records;
  if (!own) {
    if (isAway(records, 'payments') || ['pending', 'cancelled', 'awaiting_payment'].includes(order.status)) return [];
    return ['Payments has no payment for it, which must not be.'];
  }
  const sum = money(own.amount, own.currency);
  const captured = transfers.find(({ refund_id }) => refund_id === null)?.at ?? own.updated_at;
  if (own.status === 'captured') return [`${sum} were charged once, known after ${later(records, captured)}.`];
  if (own.status === 'declined')
    return [
      own.decline_code === 'order_cancelled'
        ? 'Nothing was charged.'
        : `The payment was declined (${own.decline_code}); nothing was charged.`,
    ];
  const next = own.due_at === null ? '' : `; the provider is asked again at ${dayText(own.due_at)}`;
  return [`The payment of ${sum} ${own.status === 'unknown' ? 'may have been charged or not' : 'is under way'}${next}.`];
}

const reasons: Readonly<Record<string, string>> = {
  out_of_stock: 'there was not enough stock',
  payment_declined: 'the payment was declined',
  stock_timeout: 'its stock was not held in time',
  payment_timeout: 'its payment was not known in time',
  customer_request: 'the customer wanted it so',
  staff_request: 'staff wanted it so',
};

function ending(records: JoinedRecords): string[] {
  const sentences: string[] = [];
  const confirmed = moveTo(records, 'confirmed');
  if (confirmed) sentences.push(`It was confirmed after ${later(records, confirmed.at)}.`);
  const shipped = moveTo(records, 'shipped');
  if (shipped) sentences.push(`It was sent on ${dayText(shipped.at)}.`);
  const completed = moveTo(records, 'completed');
  if (completed) sentences.push(`It was completed on ${dayText(completed.at)}.`);
  const cancelled = moveTo(records, 'cancelled');
  if (cancelled) {
    const { cancel_reason } = records.order;
    const released = records.movements.some(({ kind }) => kind === 'released') ? '; what was held for it was released' : '';
    sentences.push(
      `It was cancelled after ${later(records, cancelled.at)}, because ${reasons[cancel_reason ?? ''] ?? cancel_reason}${released}.`,
    );
  }
  return sentences;
}

function waiting({ order, read_at_ms }: JoinedRecords): string[] {
  if (order.status !== 'pending' && order.status !== 'awaiting_payment') return [];
  const what = order.status === 'pending' ? 'its stock' : 'its payment';
  const until = order.deadline_at === null ? '' : `; on ${dayText(order.deadline_at)} it would be cancelled`;
  return [`It waits for ${what} since ${durationText(read_at_ms - Date.parse(order.updated_at))}${until}.`];
}

const refundReasons: Readonly<Record<JoinedRecords['refunds'][number]['kind'], string>> = {
  return: 'for a return',
  staff: 'by staff',
  retry: 'after one that failed',
  dispute: 'because of the cancellation, after a dispute',
  cancellation: 'because of the cancellation',
};

function refunds(records: JoinedRecords): string[] {
  const captured = records.transfers.find(({ refund_id }) => refund_id === null);
  const cancelled = moveTo(records, 'cancelled');
  const isLate = captured !== undefined && cancelled !== undefined && captured.at > cancelled.at;
  return records.refunds.map(({ id, amount, currency, kind, status, failure_code, retried_as, due_at, attempts }) => {
    const sum = money(amount, currency);
    const why = kind === 'cancellation' && isLate ? 'because the money came after the cancellation' : refundReasons[kind];
    if (status === 'by_hand') return `A refund of ${sum} ${why} failed (${failure_code}), and staff gave the money back by other means.`;
    if (status === 'failed' && retried_as !== null) return `A refund of ${sum} ${why} failed (${failure_code}) and is made again.`;
    if (status === 'failed')
      return `A refund of ${sum} ${why} failed (${failure_code}): the money is with the shop. Try it again, or settle it by hand, at the payment.`;
    const booked = records.transfers.find(({ refund_id }) => refund_id === id);
    if (status === 'done') return `${sum} went back ${why}${booked ? `, after ${later(records, booked.at)}` : ''}.`;
    const next = due_at === null ? '' : `, tried again at ${dayText(due_at)}`;
    return `${sum} are promised back ${why} and have not gone yet (${attempts} attempts${next}).`;
  });
}

function disputes({ disputes: all }: JoinedRecords): string[] {
  return all.map(({ reference, state, amount, currency, reason, evidence_due_at }) => {
    const sum = money(amount, currency);
    const until = evidence_due_at === null ? '' : `; give evidence at the provider until ${dayText(evidence_due_at)}`;
    if (state === 'open') return `The customer's bank holds back ${sum} (dispute ${reference}, ${reason})${until}.`;
    if (state === 'inquiry') return `The customer's bank asks about ${sum} (${reference}, ${reason}) and takes nothing yet${until}.`;
    if (state === 'closed') return `The customer's bank has asked about ${sum} (${reference}) and takes nothing.`;
    return state === 'won' ? `The shop won dispute ${reference} about ${sum}.` : `The shop lost ${sum} by dispute ${reference}.`;
  });
}

function messages({ messages: all }: JoinedRecords): string[] {
  if (all.length === 0) return [];
  const counted = (['sent', 'pending', 'failed', 'suppressed'] as const).flatMap((status) => {
    const count = all.filter((message) => message.status === status).length;
    return count === 0 ? [] : [`${count} ${status === 'pending' ? 'waiting' : status}`];
  });
  return [`Messages to the customer: ${counted.join(', ')}.`];
}

function longWaits(_records: JoinedRecords, steps: readonly ExplanationStep[]): string[] {
  const waits = steps.flatMap(({ service, because_of }) =>
    because_of.flatMap(({ event_type, waited_ms }) =>
      event_type !== null && waited_ms >= longWaitMs ? [{ service, event_type, waited_ms }] : [],
    ),
  );
  const sentences = waits
    .slice(0, waitsNamedMax)
    .map(({ service, event_type, waited_ms }) => `${event_type} waited ${durationText(waited_ms)} until ${service} had acted on it`);
  const more = waits.length > waitsNamedMax ? `, and ${waits.length - waitsNamedMax} more` : '';
  return sentences.length === 0 ? [] : [`${sentences.join('; ')}${more}: a service or the broker was away or busy meanwhile.`];
}

function tries({ payment: own, provider }: JoinedRecords): string[] {
  const calls = provider.charges.reduce((sum, charge) => sum + charge.calls, 0);
  const charged = provider.charges.filter(({ status }) => status === 'succeeded').length;
  if (!own || (calls <= 1 && own.attempts <= 1)) return [];
  const attempts = Math.max(calls, own.attempts);
  if (charged > 1) return [];
  const made = charged === 1 ? ', so that it was made once' : ", and the provider's record has none";
  return [`The charge took ${attempts} attempts under one key${made}.`];
}

function problems({ dead_letters, unsent_events }: JoinedRecords, steps: readonly ExplanationStep[]): string[] {
  const letters = dead_letters.map(
    ({ from_service, id, event_type, queue, reason, attempts }) =>
      `${event_type ?? 'A message'} to ${queue} is a dead letter after ${attempts} attempts (${reason}): put it back with souk dead replay ${from_service}-${id}, once the cause is gone.`,
  );
  const isStuck = steps.some(({ kind, is_problem }) => kind === 'event_unsent' && is_problem);
  const count = unsent_events.length;
  const stuck = count === 1 ? 'One event about it waits for the broker.' : `${count} events about it wait for the broker.`;
  return [...letters, ...(isStuck ? [stuck] : [])];
}

/** The provider's own record against what payments believes. */
function disagreement(records: JoinedRecords): string[] {
  const { payment: own, provider, order } = records;
  if (isAway(records, 'payments')) return [];
  const succeeded = provider.charges.filter(({ status }) => status === 'succeeded');
  const charged = succeeded.reduce((sum, { amount }) => sum + amount, 0);
  const returned = provider.refunds.reduce((sum, { amount }) => sum + amount, 0);
  const { currency } = order;
  const sentences: string[] = [];
  if (succeeded.length > 1) sentences.push(`The provider's record has ${succeeded.length} charges for it.`);
  if (charged !== (own?.captured ?? 0) && (own === undefined || own.status === 'captured' || own.status === 'declined'))
    sentences.push(`The provider's record says ${money(charged, currency)} charged, payments says ${money(own?.captured ?? 0, currency)}.`);
  const by_hand = records.refunds.reduce((sum, { status, amount }) => sum + (status === 'by_hand' ? amount : 0), 0);
  const given = (own?.refunded ?? 0) - by_hand;
  if (returned !== given && (own?.refunding ?? 0) === 0)
    sentences.push(`The provider's record says ${money(returned, currency)} given back, payments says ${money(given, currency)}.`);
  return sentences;
}

function erasure({ order }: JoinedRecords): string[] {
  return order.erased_at === null
    ? []
    : [`Its customer's account was erased on ${dayText(order.erased_at)}; what is personal is gone, the books stay.`];
}

function missing({ incomplete }: JoinedRecords): string[] {
  return incomplete.length === 0 ? [] : [`No answer came from ${incomplete.join(', ')}: what they know is missing here.`];
}

/** Messages to the customer, dead letters and events that were not sent yet, as steps of the explanation of an order. */
import { derivedUuidBeside } from '@souk/kernel';
import type { Cause, StepDraft } from './causal-order.ts';
import { paymentEndKey, refundDoneKey, releaseKey, reservationKey, transitionKey } from './checkout-steps.ts';
import { durationText, type JoinedRecords, moveTo } from './joined-records.ts';

/** An event leaves within milliseconds; one this old waits for something. */
const unsentMaxMs = 5_000;

/** What notifications wrote to the customer, and what did not get through. */
export function messageSteps(records: JoinedRecords): StepDraft[] {
  return [...records.messages.map((message) => messageStep(records, message)), ...deadLetterSteps(records), ...unsentSteps(records)];
}

function messageStep(records: JoinedRecords, message: JoinedRecords['messages'][number]): StepDraft {
  const { id, event_id, event_type, attempts, status, created_at } = message;
  return {
    key: `message:${id}`,
    at_ms: Date.parse(created_at),
    service: 'notifications',
    kind: `message_${status}`,
    text: `${message.channel} about ${event_type}: ${fateOf(message)}`,
    id,
    attempts: attempts === 0 ? null : attempts,
    is_problem: status === 'failed',
    because_of: causeOf(records, event_type, event_id),
  };
}

function fateOf({ status, sent_at, created_at, failure_code, attempts }: JoinedRecords['messages'][number]): string {
  if (status === 'sent') {
    const waited_ms = sent_at === null ? 0 : Date.parse(sent_at) - Date.parse(created_at);
    return waited_ms === 0 ? 'sent at once' : `sent after ${durationText(waited_ms)}`;
  }
  if (status === 'failed') return `not delivered (${failure_code ?? 'no reason recorded'})`;
  if (status === 'suppressed') return `not sent (${failure_code ?? 'suppressed'})`;
  return attempts === 0 ? 'waits to be sent' : `waits for its next attempt (${failure_code ?? 'failed so far'})`;
}

function deadLetterSteps(records: JoinedRecords): StepDraft[] {
  return records.dead_letters.map(({ id, from_service, queue, event_id, event_type, reason, attempts, died_at }) => ({
    key: `dead_letter:${from_service}-${id}`,
    at_ms: Date.parse(died_at),
    service: from_service,
    kind: 'dead_letter',
    text: `${event_type ?? 'a message'} to ${queue} became a dead letter: ${reason}`,
    id: `${from_service}-${id}`,
    attempts,
    is_problem: true,
    because_of: causeOf(records, event_type ?? '', event_id),
  }));
}

function unsentSteps(records: JoinedRecords): StepDraft[] {
  return records.unsent_events.map(({ event_id, event_type, at, from_service }) => ({
    key: `unsent:${event_id}`,
    at_ms: Date.parse(at),
    service: from_service,
    kind: 'event_unsent',
    text: `${event_type} waits in the outbox for the broker`,
    id: event_id,
    attempts: null,
    is_problem: records.read_at_ms - Date.parse(at) > unsentMaxMs,
    because_of: causeOf(records, event_type, event_id),
  }));
}

const publishedAt = {
  'order.confirmed': 'confirmed',
  'order.cancelled': 'cancelled',
  'order.shipped': 'shipped',
  'order.completed': 'completed',
  'payment.requested': 'awaiting_payment',
} as const;

/** Because of the step that published an event of this type. */
function causeOf(records: JoinedRecords, event_type: string, event_id: string | null): Cause[] {
  const key = publisherOf(records, event_type, event_id);
  return key === undefined ? [] : [{ key, event_type, event_id }];
}

function publisherOf(records: JoinedRecords, event_type: string, event_id: string | null): string | undefined {
  if (Object.hasOwn(publishedAt, event_type)) {
    const line = moveTo(records, publishedAt[event_type as keyof typeof publishedAt]);
    return line && transitionKey(line);
  }
  if (event_type === 'order.created') return records.transitions[0] && transitionKey(records.transitions[0]);
  if (event_type === 'inventory.reserved' || event_type === 'inventory.rejected') return reservationKey;
  if (event_type === 'inventory.released') return releaseKey;
  if (event_type === 'payment.processed') return paymentEndKey;
  if (event_type === 'order.parcel_sent') return parcelOf(records, event_id);
  return event_type === 'payment.refunded' ? refundOf(records, event_id) : undefined;
}

/** The event of a parcel is named after it. */
function parcelOf({ transitions }: JoinedRecords, event_id: string | null): string | undefined {
  const line = transitions.find(
    ({ cause, note_key }) =>
      cause === 'parcel_sent' && derivedUuidBeside(note_key?.replace('parcel:', '') ?? '', 'order.parcel_sent') === event_id,
  );
  return line && transitionKey(line);
}

/** The history says which refund an event was about; where there is one refund only it needs no telling. */
function refundOf({ transitions, refunds }: JoinedRecords, event_id: string | null): string | undefined {
  const noted = transitions.find(({ cause, cause_id }) => cause === 'payment.refunded' && cause_id === event_id)?.note_key;
  const refund_id = noted?.replace('refund:', '') ?? (refunds.length === 1 ? refunds[0]?.id : undefined);
  return refund_id === undefined ? undefined : refundDoneKey(refund_id);
}

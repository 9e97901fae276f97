/** A delivery that is not done: on its way into a delay queue, from where it comes back, or into the dead queue. */
import type { ConsumeMessage } from 'amqplib';
import type { Delivery, Settlement } from '../broker.ts';
import { movedOptions } from './message.ts';
import type { Names } from './names.ts';
import type { PublishRequest } from './publisher.ts';
import { deadSuffix, retryStepFor } from './topology.ts';

/** `address` is what the queue it came from is called in the broker. */
export function retryOrDeadLetter(
  { message, delivery }: { message: ConsumeMessage; delivery: Delivery },
  settlement: Exclude<Settlement, { kind: 'done' }>,
  address: string,
  names: Names,
): PublishRequest {
  const { content } = message;
  if (settlement.kind === 'retry') {
    const exchange = names.retry(retryStepFor(settlement.delay_ms));
    return { exchange, routing_key: address, content, options: movedOptions(message, delivery, {}) };
  }
  const reasons = { 'x-souk-reason': settlement.reason, 'x-souk-detail': settlement.detail };
  return { exchange: '', routing_key: `${address}${deadSuffix}`, content, options: movedOptions(message, delivery, reasons) };
}

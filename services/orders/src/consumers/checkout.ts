import {
  type EventOf,
  inventoryRejected,
  inventoryReserved,
  paymentActionRequired,
  paymentProcessed,
  paymentRefunded,
} from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { causeOf, defineConsumer } from '@souk/messaging';
import type { SagaInput } from '@souk/messaging/saga';
import type { OrdersContext } from '../context.ts';
import type { CheckoutInput, InputName } from '../domain/checkout-saga.ts';
import { checkoutContradicted } from '../events.ts';
import { advanceCheckouts, type CheckoutRun } from '../use-cases/advance-checkout.ts';

const events = [inventoryReserved, inventoryRejected, paymentActionRequired, paymentProcessed, paymentRefunded] as const;
type CheckoutEvent = EventOf<(typeof events)[number]>;

/** Where several inputs of one order came together, they are taken in the order in which they must have happened. */
const causalOrder: readonly InputName[] = [
  'inventory.reserved',
  'inventory.rejected',
  'payment.action_required',
  'payment.processed: succeeded',
  'payment.processed: declined',
  'payment.refunded',
];

export const checkoutConsumer = defineConsumer({
  queue: 'orders.checkout',
  events,
  // The status of the order makes a repeat harmless, and a note is kept once for what it is about.
  deduplicate: 'business_key',
  async handle(ctx: OrdersContext, tx, batch) {
    const inputs = batch.map((event) => inputOf(ctx, event));
    inputs.sort((left, right) => causalOrder.indexOf(left.input.name) - causalOrder.indexOf(right.input.name));
    const { failures } = await advanceCheckouts(ctx, tx, inputs);
    const contradictions = failures.filter(({ error }) => error instanceof AppError && error.code === 'saga_impossible');
    tx.onCommit(() => {
      for (const failure of contradictions) contradicted(ctx, failure);
    });
    return failures.map(({ input, error }) => ({ event_id: input.input_id, error }));
  },
});

function contradicted(ctx: OrdersContext, { input, error }: CheckoutRun['failures'][number]): void {
  checkoutContradicted(ctx, { order_id: input.saga_id, input: input.input.name, event_id: input.input_id, why: error.message });
}

function inputOf(ctx: OrdersContext, event: CheckoutEvent): SagaInput<CheckoutInput> {
  return { saga_id: event.order_id, input_id: event.event_id, input: readInput(event, ctx), cause: causeOf(event) };
}

function readInput(event: CheckoutEvent, { clock, config }: OrdersContext): CheckoutInput {
  const at = clock.now();
  switch (event.event_type) {
    case 'inventory.reserved':
      return { name: 'inventory.reserved', at, pay_by: at + config.saga_payment_deadline_ms };
    case 'inventory.rejected':
      return { name: 'inventory.rejected', at };
    case 'payment.action_required': {
      const { payment_id, until } = event;
      const note = `the customer may finish the payment until ${until}`;
      return { name: 'payment.action_required', at, payment_id, until: Date.parse(until), note };
    }
    case 'payment.processed': {
      if (event.status === 'declined') return { name: 'payment.processed: declined', at, note: event.decline_code ?? null };
      const { payment_id, amount, currency } = event;
      return { name: 'payment.processed: succeeded', at, payment_id, amount, currency };
    }
    case 'payment.refunded': {
      const { refund_id, amount, currency, reason } = event;
      return { name: 'payment.refunded', at, refund_id, amount, currency, reason };
    }
  }
}

/** The payments service: the requests and cancellations it receives, and all that its workers may do. */
import type { Decisions } from '../decisions.ts';
import { chargeSteps, withTask } from './charge-worker.ts';
import type { EventName } from './messages.ts';
import { attempt, type Outcome } from './participant.ts';
import type { PaymentBounds, PaymentsState } from './payments-state.ts';
import { promise, refundSteps } from './refund-worker.ts';

const cancelReason = 'order cancelled';

export function receivePayment(
  decisions: Decisions,
  bounds: PaymentBounds,
  state: PaymentsState,
  event: EventName,
): Outcome<PaymentsState>[] {
  const says = `payments receives ${event}`;
  return attempt(says, state, () =>
    event === 'payment.requested' ? create(decisions, bounds, state, says) : [cancel(decisions, state, says)],
  );
}

export function paymentSteps(decisions: Decisions, bounds: PaymentBounds, state: PaymentsState): Outcome<PaymentsState>[] {
  return [...chargeSteps(decisions, bounds, state), ...refundSteps(decisions, bounds, state)];
}

/** As create-payments.ts: the process goes on with it at once where it has room, or leaves it to be claimed, or is killed after the commit. */
function create(decisions: Decisions, bounds: PaymentBounds, state: PaymentsState, says: string): Outcome<PaymentsState>[] {
  const { amount, charge_tasks_max } = bounds;
  return (['requested', 'charging'] as const).flatMap((status): Outcome<PaymentsState>[] => {
    const cancelled_reason = state.cancelled_reason ?? undefined;
    const payment = decisions.payments.insertedPayment(state.payment ?? undefined, { amount, status, cancelled_reason });
    if (payment === undefined) return [{ says: `${says} and knows the order`, state, publishes: [], fair: true }];
    const made: Outcome<PaymentsState> = {
      says: `${says}; the payment is ${payment.status}`,
      state: { ...state, payment },
      publishes: [],
      fair: true,
    };
    if (payment.status === 'declined') return [{ ...made, publishes: ['payment.processed: declined'] }];
    if (status === 'requested' || state.charge_tasks.length >= charge_tasks_max) return [made];
    return [
      made,
      { ...made, says: `${made.says} and is charged at once`, state: withTask(decisions, made.state, { asked: false, abandons: false }) },
    ];
  });
}

/** As refund-cancelled-orders.ts. */
function cancel({ payments }: Decisions, state: PaymentsState, says: string): Outcome<PaymentsState> {
  const step = payments.decideCancellation(state.payment ?? undefined);
  const done: Outcome<PaymentsState> = { says: `${says} (${step})`, state, publishes: [], fair: true };
  if (step === 'remember' && payments.remembersCancelled) return { ...done, state: { ...state, cancelled_reason: cancelReason } };
  if (state.payment === null || step === 'remember' || step === 'nothing') return done;
  const change = payments.cancellationChange(state.payment, step);
  const payment = payments.cancelledPayment(state.payment, { reason: cancelReason, ...change });
  const cancelled: Outcome<PaymentsState> = {
    ...done,
    state: { ...state, payment },
    publishes: change.void ? ['payment.processed: declined'] : [],
  };
  return change.refund_amount > 0 ? promise(payments, cancelled, change.refund_amount) : cancelled;
}

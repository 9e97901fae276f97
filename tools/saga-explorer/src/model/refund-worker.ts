/** Refunds: promised with what makes them due, paid by workers, tried for ever. */
import { AppError } from '@souk/kernel';
import type { Decisions } from '../decisions.ts';
import type { EventName } from './messages.ts';
import type { Outcome } from './participant.ts';
import { chargedOf, inOrder, type PaymentBounds, type PaymentsState, payment_id, type RefundTask, without } from './payments-state.ts';

type Outcomes = Outcome<PaymentsState>[];

const staffRefundId = 'refund by staff';
const staffAmount = 1;

/** A cancellation refund is written with the change of its payment; a unique key that refuses it ends the transaction. */
export function promise(payments: Decisions['payments'], promised: Outcome<PaymentsState>, amount: number): Outcome<PaymentsState> {
  const refund = { id: payments.cancellationRefundIdOf(payment_id), kind: 'cancellation' as const, amount };
  const refunds = payments.insertedRefunds(promised.state.refunds, refund);
  if (refunds === undefined) return { ...promised, breaks: `${promised.says}; a second cancellation refund is refused` };
  return { ...promised, says: `${promised.says}; ${amount} go back`, state: { ...promised.state, refunds: inOrder(refunds) } };
}

export function refundSteps(decisions: Decisions, bounds: PaymentBounds, state: PaymentsState): Outcomes {
  const tasks = state.refund_tasks.flatMap((task, place) => [
    ...(task.confirmed ? [settle(decisions, state, place)] : callSteps(bounds, state, place)),
    { says: 'the process that refunds is killed', state: dropped(state, place), publishes: [], fair: false },
  ]);
  return [...askedByStaff(decisions, bounds, state), ...claims(decisions, bounds, state), ...tasks, ...lateArrivals(state, bounds)];
}

/** As refund-payment.ts. */
function askedByStaff({ payments }: Decisions, bounds: PaymentBounds, state: PaymentsState): Outcomes {
  if (state.payment === null || state.staff_refunds >= bounds.staff_refunds_max) return [];
  try {
    payments.checkRefund(state.payment, staffAmount);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ says: `staff asks for a refund and is refused (${error.code})`, state, publishes: [], fair: false }];
  }
  const refunds = payments.insertedRefunds(state.refunds, { id: staffRefundId, kind: 'staff', amount: staffAmount });
  if (refunds === undefined) return [];
  const payment = payments.promisedPayment(state.payment, staffAmount);
  const promised = { ...state, payment, refunds: inOrder(refunds), staff_refunds: state.staff_refunds + 1 };
  return [{ says: `staff refunds ${staffAmount}`, state: promised, publishes: [], fair: false }];
}

function claims({ payments }: Decisions, bounds: PaymentBounds, state: PaymentsState): Outcomes {
  if (state.refund_tasks.length >= bounds.refund_tasks_max) return [];
  const attempt = state.provider.refunds.length;
  return state.refunds.filter(payments.isClaimable).map(({ id, kind }) => {
    const task: RefundTask = { id, key: payments.refundKeyOf({ id, attempt }), confirmed: false };
    const taken = { ...state, refund_tasks: inOrder([...state.refund_tasks, task]) };
    return { says: `a process claims the ${kind} refund`, state: taken, publishes: [], fair: true };
  });
}

function dropped(state: PaymentsState, place: number): PaymentsState {
  return { ...state, refund_tasks: without(state.refund_tasks, place) };
}

function callSteps(bounds: PaymentBounds, state: PaymentsState, place: number): Outcomes {
  const task = state.refund_tasks[place] as RefundTask;
  const amount = state.refunds.find(({ id }) => id === task.id)?.amount ?? 0;
  const failed = dropped(state, place);
  const lost = { says: 'the provider does not answer (refund)', state: failed, publishes: [], fair: false };
  const late = { ...lost, says: 'a refund is given up while its request is still on its way', state: withLate(failed, task.key, amount) };
  const paid = givenBack(state, task.key, amount, bounds);
  if (paid === undefined)
    return [{ ...lost, says: `the provider refuses to give ${amount} back`, breaks: 'the provider refuses a refund' }];
  const confirmed = inOrder([...without(state.refund_tasks, place), { ...task, confirmed: true }]);
  return [
    { says: `the provider gives ${amount} back`, state: { ...paid, refund_tasks: confirmed }, publishes: [], fair: true },
    { says: `the provider gives ${amount} back, and its answer is lost`, state: dropped(paid, place), publishes: [], fair: false },
    ...(bounds.late_calls && late.state !== failed ? [late] : []),
    lost,
  ];
}

function withLate(state: PaymentsState, key: string, amount: number): PaymentsState {
  const { late_refunds } = state.provider;
  if (late_refunds.some((late) => late.key === key)) return state;
  return { ...state, provider: { ...state.provider, late_refunds: inOrder([...late_refunds, { key, amount }]) } };
}

function lateArrivals(state: PaymentsState, bounds: PaymentBounds): Outcomes {
  const { late_refunds } = state.provider;
  return late_refunds.map(({ key, amount }, place) => {
    const rest = { ...state, provider: { ...state.provider, late_refunds: without(late_refunds, place) } };
    return { says: 'a late refund reaches the provider', state: givenBack(rest, key, amount, bounds) ?? rest, publishes: [], fair: true };
  });
}

/** One key gives back once, and never more in all than was charged: undefined where the provider refuses. */
function givenBack(state: PaymentsState, key: string, amount: number, bounds: PaymentBounds): PaymentsState | undefined {
  const { provider } = state;
  if (provider.refunds.some((refund) => refund.key === key)) return state;
  const { charged, given_back } = chargedOf(state, bounds.amount);
  if (given_back + amount > charged) return undefined;
  return { ...state, provider: { ...provider, refunds: inOrder([...provider.refunds, { key, amount }]) } };
}

/** As settle-refunds.ts. */
function settle({ payments }: Decisions, before: PaymentsState, place: number): Outcome<PaymentsState> {
  const { id } = before.refund_tasks[place] as RefundTask;
  const state = dropped(before, place);
  const refund = state.refunds.find((one) => one.id === id);
  const settled = state.payment && refund && payments.settledRefund(state.payment, refund);
  const says = 'the end of the refund is written';
  if (!settled) return { says: `${says}, which changes nothing`, state, publishes: [], fair: true };
  const refunds = inOrder(state.refunds.map((one) => (one.id === id ? settled.refund : one)));
  const event: EventName = `payment.refunded: ${settled.refund.kind}`;
  return { says, state: { ...state, payment: settled.payment, refunds }, publishes: [event], fair: true };
}

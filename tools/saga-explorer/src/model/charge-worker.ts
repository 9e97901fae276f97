/** The workers that charge: any number of claims one after the other, some at the same time, and a provider that does anything but lie. */
import type { CallResult, ProviderCall } from '@souk/payments/domain/charging';
import type { Decisions } from '../decisions.ts';
import type { Outcome } from './participant.ts';
import { type ChargeTask, inOrder, type PaymentBounds, type PaymentsState, payment_id, without } from './payments-state.ts';
import { promise } from './refund-worker.ts';

type Outcomes = Outcome<PaymentsState>[];

const declined = { status: 'declined', decline_code: 'card_declined' } as const;
const succeeded = { status: 'succeeded', charge: 'ch_1' } as const;
const action_required = { status: 'action_required', url: '/page', until_ms: 0 } as const;
const answers = { succeeded, declined, action_required };

export function chargeSteps(decisions: Decisions, bounds: PaymentBounds, state: PaymentsState): Outcomes {
  const tasks = state.charge_tasks.flatMap((task, place) => [
    ...(typeof task.next === 'string' ? callSteps(decisions, bounds, state, place, task.next) : [settle(decisions, state, place)]),
    { says: 'the process that charges is killed', state: dropped(state, place), publishes: [], fair: false },
  ]);
  return [...claims(decisions, bounds, state), ...tasks, ...lateArrivals(bounds, state), ...pageSteps(state)];
}

/** A lease may end at any moment, also while its process is only slow. */
function claims(decisions: Decisions, bounds: PaymentBounds, state: PaymentsState): Outcomes {
  if (state.payment === null || state.charge_tasks.length >= bounds.charge_tasks_max) return [];
  return state.payment.action ? [false, true].flatMap((is_over) => claim(decisions, state, is_over)) : claim(decisions, state, false);
}

/** Of a page that is open nothing new may be learned, however often it is asked for: what goes on by itself is that its time is over. */
function claim({ payments }: Decisions, state: PaymentsState, is_over: boolean): Outcomes {
  const claimed = state.payment === null ? undefined : payments.claimedCharge(state.payment, is_over);
  if (claimed === undefined) return [];
  const next = withTask({ payments } as Decisions, { ...state, payment: claimed.payment }, claimed);
  const leased = { ...state, payment: claimed.payment };
  const time = is_over ? ', whose page has closed' : '';
  const fair = claimed.abandons || !claimed.payment.action;
  return [
    { says: `a process claims the charge${time}, which is ${claimed.payment.status} now`, state: next, publishes: [], fair },
    { says: `a process claims the charge${time} and is killed before it begins`, state: leased, publishes: [], fair: false },
  ];
}

/** What the customer does on the page, while the provider has it open. */
function pageSteps(state: PaymentsState): Outcomes {
  const { provider } = state;
  return provider.charges.flatMap((charge, place) =>
    charge.status !== 'action_required'
      ? []
      : (['succeeded', 'declined'] as const).map((status) => ({
          says: status === 'succeeded' ? 'the customer pays on the page' : 'the customer refuses to pay on the page',
          state: { ...state, provider: { ...provider, charges: inOrder([...without(provider.charges, place), { ...charge, status }]) } },
          publishes: [],
          fair: false,
        })),
  );
}

/** The state in which a process has taken the charge. */
export function withTask(
  { payments }: Decisions,
  state: PaymentsState,
  { asked, abandons }: { asked: boolean; abandons: boolean },
): PaymentsState {
  const task: ChargeTask = { key: payments.chargeKeyOf({ id: payment_id, asked }), next: payments.firstCall({ asked, abandons }) };
  return { ...state, charge_tasks: inOrder([...state.charge_tasks, task]) };
}

function dropped(state: PaymentsState, place: number): PaymentsState {
  return { ...state, charge_tasks: without(state.charge_tasks, place) };
}

function callSteps(decisions: Decisions, bounds: PaymentBounds, state: PaymentsState, place: number, call: ProviderCall): Outcomes {
  const { key } = state.charge_tasks[place] as ChargeTask;
  const next = (after: PaymentsState, result: CallResult): PaymentsState => {
    const task: ChargeTask = { key, next: decisions.payments.afterCall(call, result) };
    return { ...after, charge_tasks: inOrder([...without(after.charge_tasks, place), task]) };
  };
  const failed: Outcome<PaymentsState> = {
    says: `the provider does not answer (${call})`,
    state: next(state, { kind: 'failed' }),
    publishes: [],
    fair: false,
  };
  const recorded = state.provider.charges.find((charge) => charge.key === key)?.status;
  if (call === 'abandon') return [...abandonments(state, key, next), failed];
  if (call !== 'charge') {
    const charge = recorded === undefined ? undefined : answers[recorded];
    const says = `the provider is asked and says ${recorded ?? 'that it knows nothing'}`;
    return [{ says, state: next(state, { kind: 'answered', charge }), publishes: [], fair: true }, failed];
  }
  const charges = (recorded === undefined ? possible(bounds) : [recorded]).flatMap((status): Outcomes => {
    const done = charged(state, key, status);
    const answered = next(done, { kind: 'answered', charge: answers[status] });
    return [
      { says: `the provider is charged: ${status}`, state: answered, publishes: [], fair: true },
      {
        says: `the provider is charged (${status}), and its answer is lost`,
        state: next(done, { kind: 'failed' }),
        publishes: [],
        fair: false,
      },
    ];
  });
  return [...charges, failed, ...givenUp(bounds, failed, key)];
}

function possible({ pages }: PaymentBounds): readonly ('succeeded' | 'declined' | 'action_required')[] {
  return pages ? ['succeeded', 'declined', 'action_required'] : ['succeeded', 'declined'];
}

/** The provider closes the page, and says how the charge has ended. One that arrives late is as a customer who refuses. */
function abandonments(state: PaymentsState, key: string, next: (after: PaymentsState, result: CallResult) => PaymentsState): Outcomes {
  const { provider } = state;
  const charges = provider.charges.map((one) =>
    one.key === key && one.status === 'action_required' ? { ...one, status: 'declined' as const } : one,
  );
  const status = charges.find((one) => one.key === key)?.status;
  const done = { ...state, provider: { ...provider, charges: inOrder(charges) } };
  const charge = status === undefined ? undefined : answers[status];
  const says = `the provider closes the page: ${status ?? 'it knows nothing'}`;
  return [
    { says, state: next(done, { kind: 'answered', charge }), publishes: [], fair: true },
    { says: `${says}, and its answer is lost`, state: next(done, { kind: 'failed' }), publishes: [], fair: false },
  ];
}

/** The call is given up, and its request reaches the provider later. */
function givenUp(bounds: PaymentBounds, failed: Outcome<PaymentsState>, key: string): Outcomes {
  const { provider } = failed.state;
  if (!bounds.late_calls || provider.late_charges.includes(key)) return [];
  const late_charges = [...provider.late_charges, key].sort();
  const says = 'a charge is given up while its request is still on its way';
  return [{ ...failed, says, state: { ...failed.state, provider: { ...provider, late_charges } } }];
}

function lateArrivals(bounds: PaymentBounds, state: PaymentsState): Outcomes {
  const { provider } = state;
  return provider.late_charges.flatMap((key, place) => {
    const recorded = provider.charges.find((charge) => charge.key === key)?.status;
    const rest = { ...state, provider: { ...provider, late_charges: without(provider.late_charges, place) } };
    return (recorded === undefined ? possible(bounds) : [recorded]).map((status) => ({
      says: `a late request reaches the provider: ${recorded === undefined ? status : 'it knows the key'}`,
      state: charged(rest, key, status),
      publishes: [],
      fair: true,
    }));
  });
}

/** One key is charged once: that is what a provider promises, and all it promises. */
function charged(state: PaymentsState, key: string, status: 'succeeded' | 'declined' | 'action_required'): PaymentsState {
  const { provider } = state;
  if (provider.charges.some((charge) => charge.key === key)) return state;
  return { ...state, provider: { ...provider, charges: inOrder([...provider.charges, { key, status }]) } };
}

/** As settle-charges.ts: the payment, the refund of a cancelled one and the event in one transaction. */
function settle({ payments }: Decisions, before: PaymentsState, place: number): Outcome<PaymentsState> {
  const outcome = (before.charge_tasks[place] as ChargeTask).next;
  const state = dropped(before, place);
  const says = `the outcome of the charge is written: ${typeof outcome === 'string' ? outcome : outcome.status}`;
  if (state.payment === null || typeof outcome === 'string')
    return { says, state, publishes: [], breaks: 'there is no payment', fair: true };
  const status = outcome.status === 'succeeded' ? 'captured' : outcome.status;
  const decline_code = outcome.status === 'declined' ? outcome.decline_code : null;
  const payment = payments.settledCharge(state.payment, { status, decline_code });
  if (payment === undefined) return { says: `${says}, which changes nothing`, state, publishes: [], fair: true };
  if (outcome.status === 'unknown') return { says, state: { ...state, payment }, publishes: [], fair: true };
  if (outcome.status === 'action_required') {
    const asks = payments.asksCustomer(state.payment, outcome);
    return { says, state: { ...state, payment }, publishes: asks ? ['payment.action_required'] : [], fair: true };
  }
  const { amount, cancel_reason } = payment;
  const refund_amount = outcome.status === 'succeeded' ? payments.lateRefund({ amount, cancel_reason }) : 0;
  const settled: Outcome<PaymentsState> = {
    says,
    state: { ...state, payment },
    publishes: [outcome.status === 'succeeded' ? 'payment.processed: succeeded' : 'payment.processed: declined'],
    fair: true,
  };
  return refund_amount > 0 ? promise(payments, settled, refund_amount) : settled;
}

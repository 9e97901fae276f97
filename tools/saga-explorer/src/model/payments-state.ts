/** The payments service and its provider as far as one order is concerned: rows, what workers hold in memory, and the provider's record. */
import type { ChargeOutcome, ProviderCall } from '@souk/payments/domain/charging';
import type { PaymentColumns, RefundColumns } from '@souk/payments/domain/statement-effects';

/** A claimed charge in the memory of a process. */
export interface ChargeTask {
  key: string;
  /** The next call, or the outcome that is still to be written. */
  next: ProviderCall | ChargeOutcome;
}

/** A claimed refund in the memory of a process. */
export interface RefundTask {
  id: string;
  key: string;
  /** Whether the provider has confirmed it, so that it is still to be written. */
  confirmed: boolean;
}

/** What the provider did, by its own account, and what is still on its way to it from calls that were given up. */
export interface ProviderRecord {
  charges: { key: string; status: 'succeeded' | 'declined' | 'action_required' }[];
  refunds: { key: string; amount: number }[];
  late_charges: string[];
  late_refunds: { key: string; amount: number }[];
}

export interface PaymentsState {
  payment: PaymentColumns | null;
  /** The row of cancelled_orders: the order was cancelled before its payment was asked for. */
  cancelled_reason: string | null;
  refunds: RefundColumns[];
  charge_tasks: ChargeTask[];
  refund_tasks: RefundTask[];
  provider: ProviderRecord;
  staff_refunds: number;
}

export interface PaymentBounds {
  /** Minor units of the order. */
  amount: number;
  /** Charges of the payment in the memory of processes at the same time. */
  charge_tasks_max: number;
  /** Refunds likewise, all together. */
  refund_tasks_max: number;
  staff_refunds_max: number;
  /** Whether a call that was given up may reach the provider later. */
  late_calls: boolean;
  /** Whether the provider may send the customer to a page first. */
  pages: boolean;
}

export const payment_id = '01900000-0000-7000-8000-000000000003';

export const noPayment: PaymentsState = {
  payment: null,
  cancelled_reason: null,
  refunds: [],
  charge_tasks: [],
  refund_tasks: [],
  provider: { charges: [], refunds: [], late_charges: [], late_refunds: [] },
  staff_refunds: 0,
};

/** The same whichever came first: processes have no names. */
export function inOrder<Entry>(entries: readonly Entry[]): Entry[] {
  const text = (entry: Entry): string => JSON.stringify(entry);
  return [...entries].sort((one, other) => (text(one) < text(other) ? -1 : 1));
}

export function without<Entry>(entries: readonly Entry[], place: number): Entry[] {
  return entries.filter((_, index) => index !== place);
}

export function chargedOf({ provider }: PaymentsState, amount: number): { times: number; charged: number; given_back: number } {
  const times = provider.charges.filter(({ status }) => status === 'succeeded').length;
  const given_back = provider.refunds.reduce((sum, refund) => sum + refund.amount, 0);
  return { times, charged: times * amount, given_back };
}

/** Nothing is claimable, held in memory or on its way to the provider. */
export function isIdle({ payment, refunds, charge_tasks, refund_tasks, provider }: PaymentsState): boolean {
  const under_way = charge_tasks.length + refund_tasks.length + provider.late_charges.length + provider.late_refunds.length;
  return under_way === 0 && (payment === null || !payment.due) && refunds.every(({ status }) => status === 'done');
}

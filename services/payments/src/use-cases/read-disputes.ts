/**
 * Disputes are what the provider says of them when it is asked: a webhook only says that there is something to ask. What was doubled, came
 * late or in another order means nothing. One about a payment that is not captured yet waits for it; one about no payment of this shop is
 * kept and shown to staff.
 */
import { backoffMs, mapBounded } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import { atProvider } from '../clients/provider-span.ts';
import type { PaymentsContext } from '../context.ts';
import { accountsOf, type DisputeChange, decideDispute, hasEnded, refundAfterDisputeIdOf } from '../domain/dispute.ts';
import { refundable } from '../domain/payment.ts';
import type { ProviderDispute } from '../domain/required-interfaces.ts';
import { disputeChanged, disputeOfNoPayment, disputeUnread } from '../events.ts';
import {
  bookDispute,
  claimDisputes,
  type DisputeRow,
  type DisputeTask,
  dropDispute,
  lockDispute,
  postponeDispute,
  saveDispute,
} from '../store/disputes.ts';
import { hurryCharge, lockPayments, type PaymentRow, promiseRefund } from '../store/payments.ts';
import { disputed } from './announce.ts';
import { promisedRefunds } from './promised-refunds.ts';

const claimMax = 50;
const callsMax = 4;
/** An open one is asked about so often, should the word of its end be lost. */
const askAgainMs = 3_600_000;

/** Asks the provider about disputes that are due. True when there may be more. */
export async function readDisputes(ctx: PaymentsContext): Promise<boolean> {
  const { db, clock, config, provider } = ctx;
  const claim = { provider: provider.name, now_ms: clock.now(), lease_ms: config.provider_lease_ms, limit: claimMax };
  const tasks = await claimDisputes(db, claim);
  await mapBounded(tasks, callsMax, (task) => readDispute(ctx, task));
  return tasks.length === claimMax;
}

async function readDispute(ctx: PaymentsContext, task: DisputeTask): Promise<void> {
  try {
    const read = await atProvider(ctx, 'find dispute', { correlation_id: task.id }, () => ctx.provider.findDispute(task.reference));
    await ctx.db.transaction((tx) => writeReading(ctx, tx, task, read));
  } catch (error) {
    disputeUnread(ctx, task, error);
    await waitForIt(ctx, task);
  }
}

async function waitForIt({ db, clock, config, timer, wakeJob }: PaymentsContext, { id, attempts }: DisputeTask): Promise<void> {
  const delay_ms = backoffMs(attempts, config.provider_retry_first_ms, config.provider_retry_most_ms);
  const now_ms = clock.now();
  await postponeDispute(db, id, { now_ms, due_ms: now_ms + delay_ms });
  timer.after(delay_ms + 1, () => wakeJob('read-disputes'));
}

async function writeReading(ctx: PaymentsContext, tx: Tx, task: DisputeTask, read: ProviderDispute | undefined): Promise<void> {
  if (read === undefined) return dropDispute(tx, task.id);
  const [payment] = read.payment_id === undefined ? [] : await lockPayments(tx, [read.payment_id]);
  const known = await lockDispute(tx, task.id);
  if (known === undefined) return;
  const is_under_way = payment !== undefined && payment.status !== 'captured' && payment.status !== 'declined';
  if (is_under_way) return waitForPayment(ctx, tx, task, payment);
  const of = payment?.status === 'captured' ? payment : undefined;
  const now_ms = ctx.clock.now();
  const change = decideDispute(known.payment_id === null ? 'reported' : known.state, read);
  // Nothing is booked of one without a payment, so that its last reading is as good as any.
  const next = of === undefined || change !== undefined ? read.state : known.state;
  const due_ms = hasEnded(next) ? null : now_ms + askAgainMs;
  await saveDispute(tx, { id: task.id, payment_id: of?.id ?? null, read, state: next, due_ms, now_ms });
  if (of === undefined) tx.onCommit(() => disputeOfNoPayment(ctx, read));
  else if (change !== undefined) await book(ctx, tx, { dispute: { ...known, ...read }, payment: of, change });
}

async function waitForPayment(ctx: PaymentsContext, tx: Tx, task: DisputeTask, payment: PaymentRow): Promise<void> {
  const now_ms = ctx.clock.now();
  await hurryCharge(tx, payment.id, now_ms);
  tx.onCommit(() => {
    ctx.wakeJob('charge-payments');
    void waitForIt(ctx, task).catch((error: unknown) => disputeUnread(ctx, task, error));
  });
}

interface Booked {
  dispute: Pick<DisputeRow, 'id'> & Omit<ProviderDispute, 'payment_id'>;
  payment: PaymentRow;
  change: DisputeChange;
}

async function book(ctx: PaymentsContext, tx: Tx, { dispute, payment, change }: Booked): Promise<void> {
  const now_ms = ctx.clock.now();
  const { id: dispute_id, amount, currency } = dispute;
  const steps = change.steps.map((kind) => ({ kind, debit_account: accountsOf[kind].to, credit_account: accountsOf[kind].from }));
  const { disputed_change } = change;
  await bookDispute(tx, { payment_id: payment.id, dispute_id, amount, currency, steps, disputed_change, now_ms });
  await ctx.outbox.append(tx, [disputed({ ...dispute, state: change.state }, payment)]);
  tx.onCommit(() => disputeChanged(ctx, { ...dispute, state: change.state }, payment));
  if (hasEnded(change.state)) await refundRest(ctx, tx, dispute_id, payment);
}

/** While a dispute is open nothing is given back; its order may have been cancelled meanwhile. */
async function refundRest(ctx: PaymentsContext, tx: Tx, dispute_id: string, payment: PaymentRow): Promise<void> {
  const { id: payment_id, currency, cancel_reason: reason } = payment;
  const [after] = await lockPayments(tx, [payment_id]);
  const amount = after === undefined || reason === null ? 0 : refundable(after);
  if (amount === 0 || reason === null) return;
  const now_ms = ctx.clock.now();
  const id = refundAfterDisputeIdOf(dispute_id);
  const refund = { id, payment_id, kind: 'dispute' as const, amount, currency, reason, cause: { correlation_id: dispute_id } };
  const promised = promisedRefunds(ctx, [{ payment, refund }]);
  tx.onCommit(() => promised.begin());
  await Promise.all([promiseRefund(tx, payment_id, amount, now_ms), promised.write(tx, now_ms)]);
}

/**
 * The built-in payment provider for trying and testing. It stands for a foreign company: it keeps its own record in its
 * own schema over its own connections, so that what it charged can be compared with what Souk believes. Calls made
 * close together are recorded in one statement.
 */
import { refusal } from '@souk/contracts';
import { type Clock, createBatcher } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import type {
  Charge,
  ChargeAnswer,
  ChargeRequest,
  Page,
  PaymentProvider,
  RefundAnswer,
  RefundRequest,
  Timer,
} from '../domain/required-interfaces.ts';
import {
  disputingTokens,
  findSandboxDispute,
  findSandboxRefund,
  foreseeIncidents,
  refundAnswer,
  reportedBySandbox,
} from './sandbox-disputes.ts';
import { sandboxPages, sandboxPageUrl } from './sandbox-pages.ts';
import {
  accountOf,
  type ChargeEntry,
  endAction,
  findCharges,
  forgetRefusals,
  type RecordedCharge,
  recordCharges,
  recordRefunds,
  statementOf,
} from './sandbox-record.ts';
import { verifySandboxWebhook } from './sandbox-webhook.ts';

export interface SandboxOptions {
  /** Closed with the provider. */
  db: Database;
  clock: Clock;
  timer: Timer;
  webhook_secret: string | undefined;
  /** How long the page of `tok_requires_action` is open. */
  page_ms?: number;
}

const slowMs = 3_000;
const pageMs = 600_000;
const askingToken = 'tok_requires_action';
const batchMax = 64;
const batchDelayMsMax = 1;
const runsMax = 2;
const waitingMax = 10_000;
const firstReference = '00000000-0000-0000-0000-000000000000';
const chargePrefix = 'ch_';

const declineCodes: Readonly<Record<string, string>> = { tok_declined: 'card_declined', tok_insufficient_funds: 'insufficient_funds' };
const goodTokens: ReadonlySet<string> = new Set(['tok_visa', 'tok_timeout', 'tok_error_once', 'tok_slow', askingToken, ...disputingTokens]);

export function createSandboxProvider({ db, clock, timer, webhook_secret, page_ms = pageMs }: SandboxOptions): PaymentProvider {
  const grouped = <Input, Output>(run: (inputs: Input[]) => Promise<(Output | Error)[]>): ((input: Input) => Promise<Output>) =>
    createBatcher<Input, Output>({ batch_max: batchMax, delay_ms_max: batchDelayMsMax, runs_max: runsMax, waiting_max: waitingMax, run });
  const record = grouped((requests: ChargeRequest[]) => recordGroup(db, requests, clock.now() + page_ms));
  const look = grouped((keys: string[]) => findGroup(db, keys));
  const refund = grouped((refunds: RefundRequest[]) => refundGroup(db, refunds));

  return {
    name: 'sandbox',
    async charge(request) {
      if (request.payment_method === 'tok_slow') await new Promise<void>((resolve) => void timer.after(slowMs, resolve));
      const recorded = await record(request);
      if (recorded.status === 'failed') throw refusal('upstream_failed', 'The sandbox provider failed, as this payment method asks for.');
      return request.payment_method === 'tok_timeout' ? neverAnswered() : asCharge(recorded);
    },
    find: look,
    async abandon(key) {
      await endAction(db, { key, paid: false, decline_code: 'abandoned', at_ms: null });
      const charge = await look(key);
      if (charge?.status === 'succeeded' || charge?.status === 'declined') return charge;
      throw refusal('upstream_failed', 'The sandbox provider knows no such charge.');
    },
    pages: sandboxPages(db, clock),
    refund,
    findRefund: ({ idempotency_key }) => findSandboxRefund(db, idempotency_key),
    findDispute: (reference) => findSandboxDispute(db, reference),
    reportedSince: (since_ms) => reportedBySandbox(db, since_ms),
    verifyWebhook: (body_text, header) =>
      verifySandboxWebhook({ body_text, signature: header('souk-signature'), secret: webhook_secret, now_ms: clock.now() }),
    forgetRefusals: (before_ms) => forgetRefusals(db, before_ms),
    statement: (after = firstReference, limit) => statementOf(db, after, limit),
    accountOf: (reference) => accountOf(db, reference),
    close: () => db.close(),
  };
}

/** The request arrived and was carried out; the answer is lost on its way. */
function neverAnswered(): Promise<never> {
  return new Promise(() => undefined);
}

function entryOf({ payment_method, idempotency_key, amount, currency, reference }: ChargeRequest, page_until_ms: number): ChargeEntry {
  const decline_code = declineCodes[payment_method] ?? (goodTokens.has(payment_method) ? null : 'invalid_payment_method');
  const status = decline_code === null ? (firstStatuses[payment_method] ?? 'succeeded') : 'declined';
  const action_until_ms = status === 'action_required' ? page_until_ms : null;
  return { idempotency_key, amount, currency, reference, status, decline_code, action_until_ms };
}

const firstStatuses: Readonly<Record<string, RecordedCharge['status']>> = { tok_error_once: 'failed', [askingToken]: 'action_required' };

async function recordGroup(db: Database, requests: ChargeRequest[], page_until_ms: number): Promise<(RecordedCharge | Error)[]> {
  const entries = new Map(requests.map((request) => [request.idempotency_key, entryOf(request, page_until_ms)]));
  // In order of key: groups that repeat each other's keys must not wait for each other in a circle.
  const sorted = [...entries.values()].sort((one, other) => (one.idempotency_key < other.idempotency_key ? -1 : 1));
  const recorded = new Map((await recordCharges(db, sorted)).map((row) => [row.idempotency_key, row]));
  await foreseeIncidents(db, requests);
  return requests.map((request) => {
    const row = recorded.get(request.idempotency_key);
    const same = row && row.amount === request.amount && row.currency === request.currency && row.reference === request.reference;
    return same ? row : refusal('idempotency_key_reused', 'The sandbox provider knows this key for another charge.');
  });
}

async function findGroup(db: Database, keys: string[]): Promise<(ChargeAnswer | undefined)[]> {
  const found = new Map((await findCharges(db, keys)).map((row) => [row.idempotency_key, asCharge(row)]));
  return keys.map((key) => found.get(key));
}

function asCharge({ status, idempotency_key, decline_code, action_until_ms }: RecordedCharge): Charge | Page {
  if (status === 'action_required') return { status, url: sandboxPageUrl(idempotency_key), until_ms: action_until_ms ?? 0 };
  if (status === 'succeeded') return { status, charge: `${chargePrefix}${idempotency_key}` };
  return { status: 'declined', decline_code: decline_code ?? 'declined' };
}

/** A refund beyond what was charged fails its whole statement, so then each is tried alone. */
async function refundGroup(db: Database, refunds: RefundRequest[]): Promise<(RefundAnswer | Error)[]> {
  const unique = [...new Map(refunds.map((refund) => [refund.idempotency_key, refund])).values()];
  try {
    const done = await recordRefunds(db, unique.map(withChargeKey));
    return refunds.map(({ idempotency_key }) => {
      const failed = done.get(idempotency_key);
      return failed === undefined ? refusal('upstream_failed', 'The sandbox provider knows no such charge.') : refundAnswer(failed);
    });
  } catch (error) {
    if (unique.length === 1) throw error;
    const alone = new Map<string, RefundAnswer | Error>();
    for (const refund of unique) alone.set(refund.idempotency_key, await refundAlone(db, refund));
    return refunds.map((refund) => alone.get(refund.idempotency_key) ?? refusal('upstream_failed'));
  }
}

async function refundAlone(db: Database, refund: RefundRequest): Promise<RefundAnswer | Error> {
  try {
    const [answer] = await refundGroup(db, [refund]);
    return answer ?? refusal('upstream_failed');
  } catch (error) {
    return error instanceof Error ? error : new Error('a refund failed', { cause: error });
  }
}

function withChargeKey(refund: RefundRequest): RefundRequest & { charge_key: string } {
  return { ...refund, charge_key: refund.charge.slice(chargePrefix.length) };
}

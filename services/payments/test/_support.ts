/** A payments service for tests, events it hears with good defaults, and the sandbox's own record to compare with. */
import type { EventOf, orderCancelled, paymentRequested } from '@souk/contracts';
import { type AppError, required, silentLog, systemClock, systemIds } from '@souk/kernel';
import type { AnyConsumer, ConsumerDefinition, Failure } from '@souk/messaging';
import { anEnvelope, until } from '@souk/messaging/testing';
import { type Database, openDatabase } from '@souk/postgres';
import { testService } from '@souk/service-kit/testing';
import { createSandboxProvider } from '../src/clients/sandbox-provider.ts';
import { systemTimer } from '../src/clients/system-timer.ts';
import {
  buildPayments,
  type PaymentProvider,
  PaymentsConfig,
  type PaymentsContext,
  type PaymentsOverrides,
  type Timer,
} from '../src/index.ts';

export type Requested = EventOf<typeof paymentRequested>;
export type Cancelled = EventOf<typeof orderCancelled>;

export function aPaymentRequest(payload: Partial<Omit<Requested, 'event_type'>> = {}): Requested {
  const event = {
    order_id: systemIds.uuid(),
    user_id: systemIds.uuid(),
    amount: 129.95,
    currency: 'EUR',
    payment_method: 'tok_visa',
    ...payload,
  };
  return anEnvelope('payment.requested', event) as unknown as Requested;
}

export function aCancellation(payload: Partial<Omit<Cancelled, 'event_type'>> = {}): Cancelled {
  const event = {
    order_id: systemIds.uuid(),
    order_version: 3,
    user_id: systemIds.uuid(),
    reason: 'customer_request',
    cancelled_by: 'customer',
    ...payload,
  };
  return anEnvelope('order.cancelled', event) as unknown as Cancelled;
}

/** Long delays of the sandbox, and between questions, pass fifty times as fast. */
const hastyTimer: Timer = { after: (delay_ms, work) => systemTimer.after(delay_ms < 500 ? delay_ms : delay_ms / 50, work) };

export async function startPayments(config: Partial<PaymentsConfig> = {}, overrides: Partial<PaymentsOverrides> = {}) {
  const started = await testService(buildPayments, {
    name: 'payments',
    schema: PaymentsConfig,
    config: {
      sandbox_webhook_secret: 'f3a1c7d95b0e4826a1b2c3d4e5f60718',
      provider_retry_first_ms: 20,
      provider_timeout_ms: 500,
      ...config,
    },
    overrides: { timer: hastyTimer, ...overrides },
  });
  const context: PaymentsContext = started.service.context;
  return { ...started, context, db: context.db, settled: () => settled(started.service) };
}

/** Resolves when no money is under way and nothing waits to be published. */
async function settled(service: { settled(): Promise<boolean> }): Promise<void> {
  await until(async () => ((await service.settled()) ? undefined : 'money is under way'), 20_000);
}

/** Hands events to a consumer in one transaction, past the broker; answers the codes of the failures. */
export async function hand(
  { db, ...context }: PaymentsContext,
  consumer: AnyConsumer<PaymentsContext>,
  ...events: readonly (Requested | Cancelled)[]
): Promise<string[]> {
  const handle = (consumer as unknown as ConsumerDefinition<PaymentsContext, Requested | Cancelled>).handle;
  const failures = await db.transaction<readonly Failure[]>(async (tx) => (await handle({ db, ...context }, tx, events)) ?? []);
  return failures.map((failure) => (failure.error as AppError).code);
}

export interface Books {
  status: string;
  decline_code: string | null;
  captured: number;
  refunded: number;
  refunding: number;
  ledger_net: number;
  charged: number;
  charges: number;
  given_back: number;
}

/** What Souk believes about an order's money beside what the sandbox's own record says. */
export async function booksOf(db: Database, order_id: string): Promise<Books> {
  const rows = await db.query<Books>(
    `select p.status, p.decline_code, p.captured, p.refunded, p.refunding,
       (select coalesce(sum(case when debit_account = 'provider' then t.amount else -t.amount end), 0)::bigint from transfers t where t.payment_id = p.id) ledger_net,
       coalesce(s.charged, 0) charged, coalesce(s.charges, 0) charges, coalesce(s.given_back, 0) given_back
     from payments p left join lateral (
       select sum(amount)::bigint charged, count(*)::int charges, sum(refunded)::bigint given_back from sandbox.charges
       where reference = p.order_id and status = 'succeeded') s on true
     where p.order_id = $1`,
    [order_id],
  );
  return rows[0] as Books;
}

/** What goes wrong with one call: nothing, it never arrives, or it is carried out and the answer is lost. */
export type Fault = 'none' | 'away' | 'answer_lost';

type FaultyCall = 'charge' | 'find' | 'refund' | 'abandon';

export interface FaultyProvider extends PaymentProvider {
  /** Decides before each call. */
  fault: (call: FaultyCall) => Fault;
  /** The real sandbox on the service's database, once that is there. */
  connect(url: string, page_ms?: number): void;
}

/** The sandbox behind an unreliable network. */
export function faultyProvider(timer: Timer = hastyTimer): FaultyProvider {
  let inner: PaymentProvider | undefined;
  const real = (): PaymentProvider => required(inner, 'the sandbox behind the faulty network');
  const through = async <T>(call: FaultyCall, work: () => Promise<T>): Promise<T> => {
    const fault = provider.fault(call);
    if (fault === 'away') throw new Error('the provider is away');
    const answer = await work();
    if (fault === 'answer_lost') throw new Error('the connection broke');
    return answer;
  };
  const provider: FaultyProvider = {
    name: 'sandbox',
    fault: () => 'none',
    connect(url, page_ms = 600_000) {
      const db = openDatabase({ url, application_name: 'test sandbox', pool_max: 2, log: silentLog });
      inner = createSandboxProvider({ db, clock: systemClock, timer, webhook_secret: undefined, page_ms });
    },
    charge: (request) => through('charge', () => real().charge(request)),
    find: (key) => through('find', () => real().find(key)),
    abandon: (key) => through('abandon', () => real().abandon(key)),
    pages: { show: async (key) => real().pages?.show(key), finish: async (key, outcome) => real().pages?.finish(key, outcome) },
    refund: (request) => through('refund', () => real().refund(request)),
    findRefund: (request) => real().findRefund(request),
    findDispute: (reference) => real().findDispute(reference),
    reportedSince: (since_ms) => real().reportedSince(since_ms),
    verifyWebhook: (body, header) => real().verifyWebhook(body, header),
    statement: (after, limit, known) => real().statement(after, limit, known),
    accountOf: (order_id, known) => real().accountOf(order_id, known),
    close: async () => inner?.close(),
  };
  return provider;
}

/**
 * A stand-in for Stripe that speaks its protocol over HTTP and keeps state: intents, sessions, refunds, disputes, events and idempotency
 * keys. Other parameters under a used key are refused, and a failure is repeated under its key, as Stripe does.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cancelIntent, confirmIntent, expireSession, succeed } from './charges.ts';
import {
  type Answered,
  broken,
  list,
  metadataOf,
  missing,
  type Params,
  refused,
  type StandInDispute,
  type StandInEvent,
  type StandInIntent,
  type StandInRefund,
  type StandInSession,
  type StripeFault,
  seconds,
} from './objects.ts';
import { postWebhook, type WebhookTarget } from './webhook.ts';

/** A Stripe of its own for one test: `open` it first, and `close` it at the end. */
export class StripeStandIn {
  readonly refunds: StandInRefund[] = [];
  readonly disputes = new Map<string, StandInDispute>();
  /** What Stripe has reported, the newest first. */
  readonly events: StandInEvent[] = [];
  readonly requests: { name: string; key: string | undefined }[] = [];
  readonly state = { fault: (_name: string): StripeFault => 'none', refund_status: 'succeeded' };
  readonly #intents = new Map<string, StandInIntent>();
  readonly #sessions = new Map<string, StandInSession>();
  /** Sessions that were read after they were made. Who has not kept a session cannot read it, nor show its page to a customer. */
  readonly #shown = new Set<string>();
  readonly #keys = new Map<string, { params: string; answered: Answered }>();
  readonly #server = createServer((request, response) => this.#serve(request, response));
  #count = 0;

  /** Listens on a free port of this machine. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  intentsOf(payment_id: string): StandInIntent[] {
    return [...this.#intents.values()].filter(({ metadata }) => metadata['payment_id'] === payment_id);
  }

  /** Everything that was made to be paid, whatever became of it. */
  get intents(): StandInIntent[] {
    return [...this.#intents.values()];
  }

  /** Payments whose customer is on a page. */
  get waiting(): { payment_id: string; page: 'bank' | 'stripe' }[] {
    const of = (page: 'bank' | 'stripe', all: readonly { metadata: Record<string, string>; status: string }[], status: string) =>
      all.filter((one) => one.status === status).map(({ metadata }) => ({ payment_id: metadata['payment_id'] ?? '', page }));
    return [...of('bank', this.intents, 'requires_action'), ...of('stripe', this.#pages(), 'open')];
  }

  /** Keys are forgotten after a day. */
  forgetKeys(): void {
    this.#keys.clear();
  }

  /** The customer's bank takes the money of a payment back (`needs_response`), or asks about it (`warning_needs_response`). */
  dispute(payment_id: string, { amount, status = 'needs_response' }: { amount?: number; status?: string } = {}): StandInDispute {
    const intent = this.intentsOf(payment_id).find((one) => one.status === 'succeeded');
    if (intent === undefined) throw new Error('there is no charge to dispute');
    const dispute: StandInDispute = {
      id: this.#id('dp'),
      object: 'dispute',
      amount: amount ?? intent.amount,
      currency: intent.currency,
      created: seconds(),
      charge: `ch_${intent.id}`,
      payment_intent: intent.id,
      reason: 'fraudulent',
      status,
      evidence_details: { due_by: seconds() + 7 * 86_400 },
    };
    this.disputes.set(dispute.id, dispute);
    this.report('charge.dispute.created', dispute);
    return dispute;
  }

  /** The bank goes on, or decides. */
  moveDispute(id: string, status: string): StandInDispute {
    const dispute = this.disputes.get(id);
    if (dispute === undefined) throw new Error('there is no such dispute');
    dispute.status = status;
    this.report(['won', 'lost', 'warning_closed'].includes(status) ? 'charge.dispute.closed' : 'charge.dispute.updated', dispute);
    return dispute;
  }

  /** The bank of the customer sends the money of a refund back. */
  failRefund(refund_id: string, failure_reason = 'expired_or_canceled_card'): void {
    for (const refund of this.refunds) {
      if (refund.metadata['refund_id'] !== refund_id) continue;
      Object.assign(refund, { status: 'failed', failure_reason });
      this.report('refund.failed', refund);
    }
  }

  /** Sends an event to a webhook, signed; answers the status of the answer. */
  async send(event: StandInEvent, target: WebhookTarget): Promise<number> {
    return postWebhook(event, target);
  }

  /** Notes an event for those who ask; nothing is sent. */
  report(type: string, object: object): StandInEvent {
    const event: StandInEvent = {
      id: this.#id('evt'),
      object: 'event',
      type,
      created: seconds(),
      data: { object: structuredClone(object) },
    };
    this.events.unshift(event);
    return event;
  }

  /** What the customer does on the bank's page or on Stripe's. */
  finish(payment_id: string, outcome: 'paid' | 'refused'): void {
    for (const intent of this.intentsOf(payment_id)) {
      if (intent.status !== 'requires_action') continue;
      if (outcome === 'paid') succeed(intent);
      else
        Object.assign(intent, {
          status: 'requires_payment_method',
          last_payment_error: { code: 'payment_intent_authentication_failure' },
        });
    }
    for (const session of this.#pages())
      if (session.metadata['payment_id'] === payment_id && session.status === 'open' && outcome === 'paid') this.#pay(session);
  }

  #pages(): StandInSession[] {
    return [...this.#sessions.values()].filter(({ id }) => this.#shown.has(id));
  }

  #pay(session: StandInSession): void {
    const { amount, currency, metadata } = session;
    const intent = this.#createIntent({ amount: String(amount), currency, payment_method: 'pm_page' }).body as StandInIntent;
    intent.metadata = { ...metadata };
    succeed(intent);
    Object.assign(session, { status: 'complete', payment_status: 'paid', url: null, payment_intent: intent.id });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const { answered, is_lost } = this.#answer(request, text);
      if (is_lost) request.socket.destroy();
      else response.writeHead(answered.status, { 'content-type': 'application/json' }).end(JSON.stringify(answered.body));
    });
  }

  #answer(request: IncomingMessage, text: string): { answered: Answered; is_lost: boolean } {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stripe');
    const params = Object.fromEntries([...searchParams, ...new URLSearchParams(text)]);
    const method = request.method ?? '';
    const key = method === 'POST' ? (request.headers['idempotency-key'] as string | undefined) : undefined;
    const last = pathname.split('/').at(-1) ?? '';
    const name = `${method} ${/^(pi|cs|dp)_/.test(last) ? 'one' : last}`;
    this.requests.push({ name, key });
    const fault = this.state.fault(name);
    const known = key === undefined ? undefined : this.#keys.get(key);
    if (known !== undefined) {
      const answered = known.params === text ? known.answered : refused(400, 'idempotency_error', {});
      return { answered, is_lost: fault === 'lost' };
    }
    const done = fault === 'failed' ? broken : structuredClone(this.#act(method, pathname, params));
    const answered = fault === 'failed_after' ? broken : done;
    if (key !== undefined) this.#keys.set(key, { params: text, answered });
    return { answered, is_lost: fault === 'lost' };
  }

  #act(method: string, path: string, params: Params): Answered {
    const [kind = '', id = '', verb = ''] = path.replace('/v1/', '').replace('checkout/', '').split('/');
    if (kind === 'events') return list(this.events.filter(({ created }) => created >= Number(params['created[gte]'])));
    if (kind === 'disputes') return id === '' ? this.#listDisputes(params) : this.#showDispute(id);
    if (kind === 'refunds') return method === 'POST' ? this.#createRefund(params) : this.#listRefunds(params);
    if (id === '') return kind === 'sessions' ? this.#createSession(params) : this.#createIntent(params);
    const [intent, session] = [this.#intents.get(id), this.#sessions.get(id)];
    if (intent !== undefined) {
      if (method === 'GET') return { status: 200, body: this.#withCharge(intent) };
      return verb === 'confirm' ? confirmIntent(intent, params) : cancelIntent(intent);
    }
    if (session === undefined) return missing;
    if (method === 'GET') this.#shown.add(id);
    return method === 'GET' ? { status: 200, body: session } : expireSession(session);
  }

  #id(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#count}`;
  }

  #withCharge(intent: StandInIntent): object {
    const data = this.refunds.filter(({ payment_intent }) => payment_intent === intent.id);
    const disputed = [...this.disputes.values()].some(({ payment_intent }) => payment_intent === intent.id);
    return { ...intent, latest_charge: { id: `ch_${intent.id}`, disputed, refunds: { data } } };
  }

  #showDispute(id: string): Answered {
    const dispute = this.disputes.get(id);
    if (dispute === undefined) return missing;
    const payment_intent = this.#intents.get(dispute.payment_intent) ?? dispute.payment_intent;
    return { status: 200, body: { ...dispute, payment_intent } };
  }

  #listDisputes({ payment_intent }: Params): Answered {
    return list([...this.disputes.values()].filter((one) => one.payment_intent === payment_intent));
  }

  #createIntent(params: Params): Answered {
    const payment_method = params['payment_method'] ?? '';
    if (!payment_method.startsWith('pm_'))
      return refused(400, 'invalid_request_error', { code: 'resource_missing', param: 'payment_method' });
    const intent: StandInIntent = {
      id: this.#id('pi'),
      object: 'payment_intent',
      amount: Number(params['amount']),
      amount_received: 0,
      currency: params['currency'] ?? '',
      created: seconds(),
      status: 'requires_confirmation',
      payment_method,
      metadata: metadataOf(params),
      next_action: null,
      last_payment_error: null,
    };
    this.#intents.set(intent.id, intent);
    return { status: 200, body: intent };
  }

  #createSession(params: Params): Answered {
    const id = this.#id('cs');
    const expires_at = Number(params['expires_at']);
    if (expires_at < seconds() + 30 * 60) return refused(400, 'invalid_request_error', { param: 'expires_at' });
    const session: StandInSession = {
      id,
      object: 'checkout.session',
      url: `https://checkout.example/${id}`,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      expires_at,
      amount: Number(params['line_items[0][price_data][unit_amount]']),
      currency: params['line_items[0][price_data][currency]'] ?? '',
      metadata: metadataOf(params),
    };
    this.#sessions.set(id, session);
    return { status: 200, body: session };
  }

  #listRefunds({ payment_intent }: Params): Answered {
    return list(this.refunds.filter((one) => one.payment_intent === payment_intent));
  }

  #createRefund(params: Params): Answered {
    const intent = this.#intents.get(params['payment_intent'] ?? '');
    const amount = Number(params['amount']);
    const before = this.refunds.filter(({ payment_intent }) => payment_intent === intent?.id);
    const back = before.reduce((sum, refund) => sum + (refund.status === 'failed' ? 0 : refund.amount), 0);
    if (intent === undefined || back + amount > intent.amount_received)
      return refused(400, 'invalid_request_error', { code: 'charge_already_refunded' });
    const disputed = [...this.disputes.values()].some(
      ({ payment_intent, status }) => payment_intent === intent.id && !/^(won|warning_.*)$/.test(status),
    );
    if (disputed) return refused(400, 'invalid_request_error', { code: 'charge_disputed' });
    const { refund_status: status } = this.state;
    const metadata = metadataOf(params);
    const refund: StandInRefund = {
      id: this.#id('re'),
      object: 'refund',
      amount,
      created: seconds(),
      payment_intent: intent.id,
      status,
      metadata,
    };
    this.refunds.push(refund);
    return { status: 200, body: refund };
  }
}

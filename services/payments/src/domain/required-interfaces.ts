/** What is foreign to this service, as it needs it: a payment provider, and time that passes. */

/** What to charge. The same key never charges twice, however often it is sent. */
export interface ChargeRequest {
  /** UUID, always the same for the same payment. */
  idempotency_key: string;
  /** Minor units. */
  amount: number;
  currency: string;
  /** Token of the provider; never logged. */
  payment_method: string;
  /** What the charge is for: the order. */
  reference: string;
  /** How often it was begun before, by any process. */
  attempt?: number;
  /** What `prepare` made; absent where the provider prepares nothing. */
  prepared?: string;
}

/** An outcome the provider stands by. */
export type Charge = { status: 'succeeded'; charge: string } | { status: 'declined'; decline_code: string };

/** The customer has to finish the payment on a page of the provider, which closes then. */
export interface Page {
  status: 'action_required';
  /** An address, or a path of this shop; never logged, in no event. */
  url: string;
  until_ms: number;
}

/** What can be paid from now on, as the provider names it, or why it never will be. */
export type Prepared = { reference: string } | Extract<Charge, { status: 'declined' }>;

/** A charge that Souk has made, for a provider that lists none by the order. */
export interface KnownCharge {
  order_id: string;
  payment_id: string;
  currency: string;
  reference: string;
}

/** `processing`: the provider does not know yet, and is asked again later. */
export type ChargeAnswer = Charge | Page | { status: 'processing' };

export interface RefundRequest {
  /** UUID, always the same for the same refund. */
  idempotency_key: string;
  /** The charge as the provider named it. */
  charge: string;
  amount: number;
  currency: string;
}

/** What became of a refund. `failed`: it never gives the money back, or it came back; the code is the provider's. */
export type RefundAnswer = { status: 'done' } | { status: 'pending' } | { status: 'failed'; code: string };

/**
 * How a dispute stands: `inquiry` and `closed` are a question of the bank, which takes no money; `open` holds it back, `lost` took it for
 * good, `won` gave it back to the shop.
 */
export type DisputeState = 'inquiry' | 'closed' | 'open' | 'won' | 'lost';

/** A dispute as the provider has it now. */
export interface ProviderDispute {
  reference: string;
  /** The payment that was charged; undefined for a charge that was not made by this shop. */
  payment_id: string | undefined;
  state: DisputeState;
  amount: number;
  currency: string;
  reason: string;
  opened_at_ms: number;
  /** Until when evidence is taken; null when it is taken no longer. */
  evidence_due_ms: number | null;
}

/** What the provider's own record says about one reference. */
export interface ProviderStatement {
  reference: string;
  charged: number;
  refunded: number;
  currency: string;
  /** How many charges succeeded; more than one is a double charge. */
  charges: number;
  /** In how many currencies; 2 may mean more. */
  currencies: number;
  /** The keys of those charges. */
  idempotency_keys: string[];
  /** What was given back of them, each with the key it was asked for with. */
  refunds: { idempotency_key: string; amount: number }[];
  /** What banks took back or asked about; left out where there is none. */
  disputes?: { reference: string; state: DisputeState; amount: number }[];
  updated_at_ms: number;
}

/** Everything the provider's own record says about one reference, declined charges too. */
export interface ProviderAccount {
  charges: {
    idempotency_key: string;
    status: 'succeeded' | 'declined' | 'failed' | 'action_required';
    amount: number;
    currency: string;
    decline_code: string | null;
    /** How often the charge was sent. */
    calls: number;
    at: string;
  }[];
  refunds: { idempotency_key: string; amount: number; at: string }[];
}

/** What a verified webhook is about. Only a hint to ask: what it claims is never believed. */
export type WebhookHint = { about: 'payment' | 'refund'; idempotency_key: string } | { about: 'dispute'; reference: string };

/**
 * A payment provider. A rejection means that the outcome is not known, whatever the error: the caller asks with
 * `find` until it knows, and charges again only with the same key.
 */
export interface PaymentProvider {
  readonly name: string;
  /**
   * Makes what can be paid, and moves no money. Its reference is kept before `charge`, and names the charge from then on. A provider that knows
   * a charge by its key alone has it not, and is charged in one step.
   */
  prepare?(request: ChargeRequest): Promise<Prepared>;
  charge(request: ChargeRequest): Promise<ChargeAnswer>;
  /** The outcome of an earlier charge, by what `prepare` made or else its key; undefined where nothing was charged. */
  find(reference: string): Promise<ChargeAnswer | undefined>;
  /** Closes the page of a charge: it can never be paid from now on (`declined`), or has been (`succeeded`). */
  abandon(reference: string): Promise<Charge>;
  /** Gives money back; a repeat with the same key gives nothing more. */
  refund(request: RefundRequest): Promise<RefundAnswer>;
  /** What became of a refund that was made; undefined where the provider has none under the key. */
  findRefund(request: RefundRequest): Promise<RefundAnswer | undefined>;
  /** Undefined where the provider knows no such dispute. */
  findDispute(reference: string): Promise<ProviderDispute | undefined>;
  /** What the provider would have said by webhooks since then, for those that are lost. */
  reportedSince(since_ms: number): Promise<WebhookHint[]>;
  /** The hint of a genuine webhook, null for a genuine one about something else; throws `signature_invalid`. */
  verifyWebhook(body_text: string, header: (name: string) => string | undefined): Promise<WebhookHint | null> | WebhookHint | null;
  /** The provider's record by order, in ascending order after `after`; one that cannot list it so is asked for what is `known`. */
  statement(after: string | undefined, limit: number, known: () => Promise<KnownCharge[]>): Promise<ProviderStatement[]>;
  /** The provider's record of one order. */
  accountOf(order_id: string, known: KnownCharge | undefined): Promise<ProviderAccount>;
  /** Forgets its record of charges that took no money and are older; true when there may be more. Only a provider with a record here has it. */
  forgetRefusals?(before_ms: number): Promise<boolean>;
  /** The pages on which customers finish payments. Only a provider whose pages are here has it. */
  readonly pages?: ProviderPages;
  close(): Promise<void>;
}

/** What the page of one charge is about. */
export interface ProviderPage {
  amount: number;
  currency: string;
  /** `closed`: abandoned, refused or too late. */
  state: 'open' | 'paid' | 'closed';
}

export interface ProviderPages {
  /** Undefined where there is no such page. */
  show(idempotency_key: string): Promise<ProviderPage | undefined>;
  /** The customer pays, or does not; what has ended before stays as it is. */
  finish(idempotency_key: string, outcome: 'paid' | 'refused'): Promise<ProviderPage | undefined>;
}

/** Delays; a test may let them pass faster. */
export interface Timer {
  /** Calls `work` once after the delay, unless the returned function was called before. */
  after(delay_ms: number, work: () => void): () => void;
}

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
}

/** An outcome the provider stands by. */
export type Charge = { status: 'succeeded'; charge: string } | { status: 'declined'; decline_code: string };

export interface RefundRequest {
  /** UUID, always the same for the same refund. */
  idempotency_key: string;
  /** The charge as the provider named it. */
  charge: string;
  amount: number;
  currency: string;
}

/** What the provider's own record says about one reference. */
export interface ProviderStatement {
  reference: string;
  charged: number;
  refunded: number;
  currency: string;
  /** How many charges succeeded; more than one is a double charge. */
  charges: number;
  /** In how many currencies. */
  currencies: number;
  /** The keys of those charges. */
  idempotency_keys: string[];
  /** What was given back of them, each with the key it was asked for with. */
  refunds: { idempotency_key: string; amount: number }[];
  updated_at_ms: number;
}

/** What a verified webhook is about. Only a hint to ask: what it claims is never believed. */
export interface WebhookHint {
  idempotency_key: string;
}

/**
 * A payment provider. A rejection means that the outcome is not known, whatever the error: the caller asks with
 * `find` until it knows, and charges again only with the same key.
 */
export interface PaymentProvider {
  readonly name: string;
  charge(request: ChargeRequest): Promise<Charge>;
  /** The outcome of an earlier charge; undefined when the provider has never seen the key. */
  find(idempotency_key: string): Promise<Charge | undefined>;
  /** Resolves when the money is given back; a repeat with the same key gives nothing more. */
  refund(request: RefundRequest): Promise<void>;
  /** The hint of a genuine webhook, null for a genuine one about something else; throws `signature_invalid`. */
  verifyWebhook(body_text: string, header: (name: string) => string | undefined): WebhookHint | null;
  /** The provider's record by reference, in ascending order after `after`. */
  statement(after: string | undefined, limit: number): Promise<ProviderStatement[]>;
  /** Forgets its record of charges that took no money and are older; true when there may be more. Only a provider with a record here has it. */
  forgetRefusals?(before_ms: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Delays; a test may let them pass faster. */
export interface Timer {
  /** Calls `work` once after the delay, unless the returned function was called before. */
  after(delay_ms: number, work: () => void): () => void;
}

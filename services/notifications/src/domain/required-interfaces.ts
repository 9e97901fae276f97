import type { OrderSummary } from '@souk/contracts';

/** A message ready to leave. */
export interface Message {
  /** Stable whatever is retried: becomes the Message-ID, so that a repeat can be recognised. */
  id: string;
  recipient: string;
  subject: string | null;
  body: string;
  html: string | null;
  /** Mails about one order belong together. */
  order_id: string | null;
}

/**
 * A way out of the house. `send` resolves when the next station has taken the message. It rejects with `mail_refused`
 * when that will never happen, and with anything else when it may later.
 */
export interface Sender {
  send(message: Message): Promise<void>;
  /** The message goes nowhere but into the history, which therefore keeps it whole. */
  captures: boolean;
  close(): void;
}

export type Channel = 'email' | 'sms';
export type Senders = Readonly<Record<Channel, Sender>>;

/** Makes secrets of webhooks and signs with them. */
export interface WebhookSecrets {
  create(): { shown: string; sealed: Uint8Array };
  /** A signature for each secret that can be opened, as the header `webhook-signature` has them. Throws where there is none. */
  sign(message: { id: string; timestamp_s: number; body: string }, sealed: readonly Uint8Array[]): string;
}

export type PostOutcome =
  | { status: number; retry_after: string | undefined }
  | { status: null; failure: 'timeout' | 'connection_failed' | 'name_unknown' | 'target_refused' };

/** Posts to an address outside the house, once. Never rejects. */
export interface WebhookPoster {
  post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<PostOutcome>;
}

/** What these orders hold, by their id; those that are not there are left out. Rejects with `service_unavailable`. */
export type FindOrderSummaries = (order_ids: readonly string[]) => Promise<ReadonlyMap<string, OrderSummary>>;

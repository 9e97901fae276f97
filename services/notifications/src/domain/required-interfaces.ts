/** A message ready to leave. */
export interface Message {
  /** Stable whatever is retried: becomes the Message-ID, so that a repeat can be recognised. */
  id: string;
  recipient: string;
  subject: string | null;
  body: string;
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

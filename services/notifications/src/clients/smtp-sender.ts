import { refusal } from '@souk/contracts';
import { createTransport } from 'nodemailer';
import { isOneMailbox } from '../domain/mailbox.ts';
import type { Sender } from '../domain/required-interfaces.ts';
import type { DkimKey } from './dkim-key.ts';

export interface SmtpOptions {
  url: string;
  from: string;
  /** Who mail is from where `from` names only an address, or Souk. */
  shop_name: string;
  reply_to?: string | undefined;
  timeout_ms: number;
  connections_max: number;
  /** Signs each mail (RFC 6376). */
  dkim?: DkimKey | undefined;
}

/** The name of the default says nothing of the shop. */
const defaultName = 'Souk';

function senderOf({ from, shop_name }: SmtpOptions): { name: string; address: string } {
  const [, name = '', address = from] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? [];
  return { name: name === '' || name === defaultName ? shop_name : name, address };
}

const permanentFrom = 500;

/** Sends mail over SMTP. A 5xx answer of the server is final; anything else may pass. */
export function createSmtpSender(options: SmtpOptions): Sender {
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxConnections: options.connections_max,
    connectionTimeout: options.timeout_ms,
    greetingTimeout: options.timeout_ms,
    socketTimeout: options.timeout_ms,
    ...(options.dkim && {
      dkim: { domainName: options.dkim.domain, keySelector: options.dkim.selector, privateKey: options.dkim.private_key },
    }),
  });
  const from = senderOf(options);
  const domain = from.address.split('@').at(-1) ?? 'localhost';
  return {
    captures: false,
    async send(message) {
      if (!isOneMailbox(message.recipient)) throw refusal('mail_refused', 'The recipient is not the address of one mailbox.');
      try {
        await transport.sendMail({
          from,
          ...(options.reply_to !== undefined && { replyTo: options.reply_to }),
          // As an object: a text would be read as a list of addresses.
          to: { name: '', address: message.recipient },
          subject: message.subject ?? '',
          text: message.body,
          ...(message.html !== null && { html: message.html }),
          messageId: `<${message.id}@${domain}>`,
          // Mails about one order are shown as one conversation.
          ...(message.order_id !== null && { references: `<order-${message.order_id}@${domain}>` }),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        const code = (error as { responseCode?: number }).responseCode ?? 0;
        if (code >= permanentFrom) throw refusal('mail_refused', `The mail server answered ${code}.`, { code }, error);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

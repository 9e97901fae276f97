import { refusal } from '@souk/contracts';
import { createTransport } from 'nodemailer';
import { isOneMailbox } from '../domain/mailbox.ts';
import type { Sender } from '../domain/required-interfaces.ts';

export interface SmtpOptions {
  url: string;
  from: string;
  timeout_ms: number;
  connections_max: number;
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
  });
  return {
    captures: false,
    async send(message) {
      if (!isOneMailbox(message.recipient)) throw refusal('mail_refused', 'The recipient is not the address of one mailbox.');
      try {
        await transport.sendMail({
          from: options.from,
          // As an object: a text would be read as a list of addresses.
          to: { name: '', address: message.recipient },
          subject: message.subject ?? '',
          text: message.body,
          messageId: `<${message.id}@souk>`,
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

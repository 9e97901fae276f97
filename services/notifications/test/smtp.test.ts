/** What a mail server of another make gets, and what a mail program makes of it. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { OrderSummary } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { createSmtpSender } from '../src/clients/smtp-sender.ts';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { sendMessages } from '../src/jobs/send-messages.ts';
import { aConfirmation, aShipment, handleAll, openFixture, registered } from './_support.ts';

const never = new AbortController().signal;
const got: ParsedMail[] = [];
let server: SMTPServer;
before(async () => {
  server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        got.push(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => new Promise<void>((resolve) => server.close(resolve)));

test('mails about an order are text and HTML with what it holds, from the shop, answered to its help desk, one conversation', async () => {
  const { port } = server.server.address() as AddressInfo;
  let asked = 0;
  const email = createSmtpSender({
    url: `smtp://127.0.0.1:${port}`,
    from: 'Souk <shop@tea.example>',
    shop_name: 'Thé & Café',
    reply_to: 'help@tea.example',
    timeout_ms: 5_000,
    connections_max: 2,
  });
  const findOrderSummaries = async (order_ids: readonly string[]): Promise<Map<string, OrderSummary>> => {
    asked += 1;
    if (asked === 1) throw new Error('orders is away');
    return new Map(
      order_ids.map((order_id) => [
        order_id,
        {
          order_id,
          order_number: 'S-10002',
          items: [{ name: 'Théière <grès>', quantity: 2, line_total: 129.9 }],
          total_amount: 129.9,
          currency: 'EUR',
          shipping_address: null,
        },
      ]),
    );
  };
  const fixture = await openFixture({ email, findOrderSummaries });
  try {
    const person = await registered(fixture);
    const order_id = systemIds.uuid();
    const more = { order_number: 'S-10002', locale: 'fr' };
    const confirmed = { ...aConfirmation(person.user_id, order_id), ...more };
    const shipped = { ...aShipment(person.user_id, order_id), ...more };
    await handleAll(fixture, notifyCustomerConsumer, [confirmed, shipped]);
    await sendMessages.run(fixture.context, never);
    assert.equal(got.length, 0, 'they wait for what the order holds');
    await fixture.db.query(`update notifications set next_attempt_at = now() - interval '1 second'`);
    await sendMessages.run(fixture.context, never);
    assert.deepEqual([got.length, asked], [2, 2], 'one question for all');
    const mail = got.find(({ subject }) => subject === 'Votre commande S-10002 est confirmée') as ParsedMail;
    assert.equal(mail.from?.text, '"Thé & Café" <shop@tea.example>');
    assert.equal(mail.replyTo?.text, 'help@tea.example');
    assert.match(mail.messageId ?? '', /^<[0-9a-f-]{36}@tea\.example>$/);
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    assert.match(String((mail.headers.get('content-type') as { value: string }).value), /^multipart\/alternative/);
    assert.match(mail.text ?? '', /2 × Théière <grès> {2}129,90\s€/);
    assert.match(String(mail.html), /Théière &lt;grès&gt;/);
    assert.ok(mail.attachments.length === 0 && !/<img|<script|https?:/.test(String(mail.html)));
    assert.deepEqual(
      got.map(({ references }) => references),
      Array(2).fill(`<order-${order_id}@tea.example>`),
    );
    const [row] = await fixture.db.query<{ body: string }>(`select body from notifications where event_type = 'order.confirmed'`);
    assert.match(row?.body ?? '', /Théière/, 'the history has the text as it left');
  } finally {
    email.close();
    await fixture.close();
  }
});

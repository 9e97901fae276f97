import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OrderSummary } from '@souk/contracts';
import { anEnvelope } from '@souk/messaging/testing';
import { createRender } from '../src/clients/render-message.ts';
import { type Composing, compose } from '../src/domain/compose.ts';
import type { Contact } from '../src/domain/contact.ts';
import { locales } from '../src/domain/locale.ts';
import { orderContent, withOrder } from '../src/domain/order-content.ts';
import { linksToOrder, templateNames } from '../src/domain/templates.ts';

const user_id = '01900000-0000-7000-8000-000000000001';
const order_id = '01900000-0000-7000-8000-000000000002';
const owner: Contact = { user_id, email: 'c@mail.example', email_verified: true, full_name: 'Carla', phone: null, erased: false };
const renderer = createRender();
const composing: Composing = {
  render: renderer.message,
  shop: { name: 'Tea & Co', locale: 'en', has_pages: false },
  sends_mail: false,
  newId: () => user_id,
};

function mailFor(event_type: string, payload: object, order_number: string | null = 'S-10002', by: Partial<Composing> = {}) {
  const event = anEnvelope(event_type, { order_id, user_id, order_version: 2, ...payload });
  const [mail] = compose(event, owner, { order_number }, { ...composing, ...by });
  return { subject: mail?.subject ?? '', body: mail?.body ?? '', html: mail?.html ?? null };
}

describe('a mail about an order', () => {
  test('calls it by the number people know, never by its id, and is signed by the shop', () => {
    const payloads: Record<string, object> = {
      'order.confirmed': { total_amount: 25, currency: 'EUR' },
      'order.cancelled': { reason: 'staff_request', cancelled_by: 'staff' },
      'order.shipped': { carrier: 'Post', tracking_number: 'P1' },
      'order.parcel_sent': { carrier: 'Post', tracking_number: 'P1', items: [], delivery: 'full' },
      'order.completed': {},
      'payment.refunded': { payment_id: order_id, refund_id: order_id, amount: 5, currency: 'EUR', reason: 'x' },
    };
    for (const [event_type, payload] of Object.entries(payloads)) {
      const { subject, body } = mailFor(event_type, payload);
      assert.match(body, /order S-10002/, event_type);
      assert.ok(!`${subject}${body}`.includes(order_id), event_type);
      assert.ok(body.endsWith('\n\nTea & Co'), body);
      assert.doesNotMatch(mailFor(event_type, payload, null).body, /order (null|undefined|S-)/);
    }
  });

  test('says of the money of a cancelled order what really happened', () => {
    const about = (payload: object): string => mailFor('order.cancelled', { cancelled_by: 'system', ...payload }).body;
    const [charged, maybe, nothing] = [
      /you have paid for it is given back/,
      /Should the payment have gone through/,
      /have not been charged/,
    ];
    assert.match(about({ reason: 'payment_declined', money: 'not_taken' }), nothing);
    assert.match(about({ reason: 'customer_request', money: 'taken' }), charged);
    assert.match(about({ reason: 'customer_request', money: 'not_taken' }), nothing);
    assert.match(about({ reason: 'payment_timeout', money: 'unknown' }), maybe);
    // Events from before say only why.
    assert.match(about({ reason: 'payment_declined' }), nothing);
    assert.match(about({ reason: 'out_of_stock' }), nothing);
    assert.match(about({ reason: 'customer_request' }), maybe);
  });
});

test('a mail about a parcel says what is in it, where to follow it and whether more follows', () => {
  const items = [{ product_id: order_id, name: 'Oak <lamp>', quantity: 2 }];
  const sent = { carrier: 'Post', tracking_number: 'P1', tracking_url: 'https://post.example.org/?a=1&b=2', items };
  const by = { sends_mail: true };
  for (const event_type of ['order.shipped', 'order.parcel_sent']) {
    const { body, html } = mailFor(event_type, { ...sent, delivery: 'partial' }, 'S-10002', by);
    assert.match(
      body,
      /\nFollow it at https:\/\/post\.example\.org\/\?a=1&b=2\n\nIn this parcel:\n2 × Oak <lamp>\nThe rest of your order S-10002 follows/,
    );
    assert.match(html ?? '', /href="https:\/\/post\.example\.org\/\?a=1&amp;b=2".*2 × Oak &lt;lamp&gt;/s);
  }
  const { tracking_url: _, ...untracked } = sent;
  const last = mailFor('order.parcel_sent', { ...untracked, delivery: 'full' });
  assert.match(last.body, /With it everything has been sent/);
  assert.doesNotMatch(last.body, /Follow|follows/);
  assert.doesNotMatch(mailFor('order.shipped', { ...untracked, delivery: 'full' }).body, /In this parcel|follows/);
});

const returnStates = ['requested', 'approved', 'rejected', 'received', 'closed', 'refunded'] as const;
/** Those in which the goods are named. */
const withGoods: readonly string[] = ['requested', 'approved', 'received'];

test('a mail about a return says in each language what became of it, by its number, and names the goods it is about', () => {
  const items = [{ product_id: order_id, name: 'Oak <lamp>', quantity: 2 }];
  for (const locale of locales) {
    const mails = returnStates.map((state) => {
      const by = { sends_mail: true };
      const mail = mailFor('return.updated', { state, return_number: 'R-10001', items, locale }, 'S-10002', by);
      assert.match(mail.subject, /R-10001/, `${locale} ${state}`);
      assert.match(mail.body, /S-10002.*R-10001|R-10001.*S-10002/s, `${locale} ${state}`);
      assert.equal(mail.body.includes('\n2 × Oak <lamp>\n'), withGoods.includes(state), `${locale} ${state}`);
      assert.equal(mail.html?.includes('2 × Oak &lt;lamp&gt;'), withGoods.includes(state), `${locale} ${state}`);
      assert.ok(mail.body.endsWith('\n\nTea & Co'));
      return mail;
    });
    for (const part of ['subject', 'body'] as const) assert.equal(new Set(mails.map((mail) => mail[part])).size, returnStates.length);
  }
});

test('a requested message speaks of a link only where there is a page for it', () => {
  const payload = { purpose: 'verify_email', token_id: order_id };
  assert.match(mailFor('user.message_requested', payload).body, /with this code/);
  assert.match(
    mailFor('user.message_requested', payload, null, { shop: { name: 'Souk', locale: 'en', has_pages: true } }).body,
    /with this link/,
  );
});

test('a confirmation, a shipment, a return and a refund have a link to their order where there is a page for it, a cancellation has none', () => {
  const with_pages = { shop: { name: 'Souk', locale: 'en', has_pages: true }, sends_mail: true } as const;
  const payloads = {
    'order.confirmed': { total_amount: 25, currency: 'EUR' },
    'order.shipped': { carrier: 'Post', tracking_number: 'P1' },
    'return.updated': { state: 'requested', return_number: 'R-10001', items: [] },
    'payment.refunded': { payment_id: order_id, refund_id: order_id, amount: 5, currency: 'EUR', reason: 'x' },
  };
  for (const [event_type, payload] of Object.entries(payloads)) {
    const { body, html } = mailFor(event_type, payload, 'S-10002', with_pages);
    assert.match(body, /\n\(link\)\n\nSouk$/, event_type);
    assert.match(html ?? '', /<a href="\(link\)">/, event_type);
    assert.ok(!mailFor(event_type, payload).body.includes('(link)'), event_type);
    assert.deepEqual([linksToOrder(event_type, true), linksToOrder(event_type, false)], [true, false]);
  }
  const cancelled = mailFor('order.cancelled', { reason: 'staff_request', cancelled_by: 'staff' }, 'S-10002', with_pages);
  assert.ok(!cancelled.body.includes('(link)') && !linksToOrder('order.cancelled', true));
});

describe('a mail', () => {
  const values = { greeting: 'x', order: 'x', amount: 'x', reason: 'x', money: 'x', link: 'x', shop: { name: 'Tea', has_pages: true } };
  const event = { carrier: 'x', tracking_number: 'x', host: 'x', reason: 'gone', state: 'requested', return_number: 'x' };

  test('is there in each language with a subject, a text and an HTML part', () => {
    for (const locale of locales)
      for (const name of templateNames) {
        const { subject, body, html } = renderer.message(name, 'email', locale, { ...values, event }, true);
        assert.ok(subject && body.endsWith('Tea') && html?.includes(`<html lang="${locale}">`), `${locale} ${name}`);
        assert.doesNotMatch(`${subject}${body}${html}`, /\{\{|\{%|undefined|null/, `${locale} ${name}`);
      }
    const english = renderer.message('order.confirmed', 'email', 'en', { ...values, event }, true).body;
    assert.ok(
      locales.slice(1).every((locale) => renderer.message('order.confirmed', 'email', locale, { ...values, event }, true).body !== english),
    );
  });

  test('escapes what people wrote in HTML, not in text, and has HTML only where it leaves the house', () => {
    const by = { sends_mail: true };
    const { body, html } = mailFor('order.shipped', { carrier: '<b>Post & Co</b>', tracking_number: '1' }, 'S-10002', by);
    assert.match(body, /<b>Post & Co<\/b>/);
    assert.ok(html?.includes('&lt;b&gt;Post &amp; Co&lt;/b&gt;') && !html.includes('<b>'));
    assert.equal(mailFor('order.shipped', { carrier: 'Post', tracking_number: '1' }).html, null);
    assert.doesNotMatch(mailFor('order.confirmed', { total_amount: 1, currency: 'EUR' }).body, /\(order\)/);
  });

  test('is in the language of its order, else in that of the shop, with amounts as people write them there', () => {
    const payload = { total_amount: 1234.5, currency: 'EUR' };
    assert.match(
      mailFor('order.confirmed', { ...payload, locale: 'de-AT' }).body,
      /Ihre Bestellung S-10002 über 1\.234,50\s€ ist bestätigt/,
    );
    assert.match(mailFor('order.confirmed', { ...payload, locale: 'fr' }).subject, /^Votre commande S-10002/);
    assert.match(mailFor('order.confirmed', { ...payload, locale: 'xx' }).body, /over €1,234\.50 is confirmed/);
    assert.match(mailFor('order.confirmed', { total_amount: 1200, currency: 'JPY' }).body, /¥1,200/);
    const refund = anEnvelope('payment.refunded', {
      order_id,
      payment_id: order_id,
      refund_id: order_id,
      amount: 5,
      currency: 'EUR',
      reason: 'x',
    });
    const [mail] = compose(refund, owner, { order_number: 'S-10002', locale: 'de' }, composing);
    assert.match(mail?.body ?? '', /Bestellung S-10002/, 'an event without a language is written about as the ones before');
  });

  test('shows what its order holds, with sums and taxes only where there are some', () => {
    const plain: OrderSummary = {
      order_id,
      order_number: 'S-10002',
      items: [{ name: 'Lamp <oak>', quantity: 2, line_total: 259.9 }],
      total_amount: 259.9,
      currency: 'EUR',
      shipping_address: { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT', phone: '+351' },
    };
    const shown = (summary: OrderSummary) => {
      const mail = mailFor('order.confirmed', { total_amount: 259.9, currency: 'EUR' }, 'S-10002', { sends_mail: true });
      return withOrder(mail, renderer.order('en', orderContent(summary, 'en')));
    };
    const { body, html } = shown(plain);
    assert.match(body, /2 × Lamp <oak> {2}€259\.90\nTotal: €259\.90\n\nDelivery to:\n1 Market Square\n1100-148 Lisbon\nPT\n\nTea & Co$/);
    assert.ok(html?.includes('Lamp &lt;oak&gt;') && !html.includes('<!--order-->'));
    const tax_lines = [{ name: 'VAT', rate_percent: 19, base: 218.4, amount: 41.5 }];
    const priced = {
      ...plain,
      items_total: 259.9,
      discount_total: 10,
      shipping_total: 4.9,
      tax_included: true,
      tax_lines,
      total_amount: 254.8,
    };
    assert.match(shown(priced).body, /Items: €259\.90\nDiscount: −€10\.00\nShipping: €4\.90\nincl\. VAT 19 %: €41\.50\nTotal: €254\.80/);
    assert.doesNotMatch(shown({ ...plain, shipping_address: null }).body, /Delivery/);
  });
});

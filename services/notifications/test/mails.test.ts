import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anEnvelope } from '@souk/messaging/testing';
import { createRender } from '../src/clients/render-message.ts';
import { type Composing, compose } from '../src/domain/compose.ts';
import type { Contact } from '../src/domain/contact.ts';

const user_id = '01900000-0000-7000-8000-000000000001';
const order_id = '01900000-0000-7000-8000-000000000002';
const owner: Contact = { user_id, email: 'c@mail.example', email_verified: true, full_name: 'Carla', phone: null, erased: false };
const composing: Composing = { render: createRender(), shop: { name: 'Tea & Co', has_pages: false }, newId: () => user_id };

function mailFor(event_type: string, payload: object, order_number: string | null = 'S-10002', by: Partial<Composing> = {}) {
  const event = anEnvelope(event_type, { order_id, user_id, order_version: 2, ...payload });
  const [mail] = compose(event, owner, order_number, { ...composing, ...by });
  return { subject: mail?.subject ?? '', body: mail?.body ?? '' };
}

describe('a mail about an order', () => {
  test('calls it by the number people know, never by its id, and is signed by the shop', () => {
    const payloads: Record<string, object> = {
      'order.confirmed': { total_amount: 25, currency: 'EUR' },
      'order.cancelled': { reason: 'staff_request', cancelled_by: 'staff' },
      'order.shipped': { carrier: 'Post', tracking_number: 'P1' },
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

test('a requested message speaks of a link only where there is a page for it', () => {
  const payload = { purpose: 'verify_email', token_id: order_id };
  assert.match(mailFor('user.message_requested', payload).body, /with this code/);
  assert.match(mailFor('user.message_requested', payload, null, { shop: { name: 'Souk', has_pages: true } }).body, /with this link/);
});

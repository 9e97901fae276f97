/** Sign-in and account with what people of all kinds are called and write: valid markup, nothing unescaped, nothing that a policy would refuse. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Notification, OpenSession, User } from '@souk/contracts';
import type { FaultCode, FormFaults, SecondFactorView } from '../src/account-views.ts';
import { accountPage } from '../src/pages/account.ts';
import { accountMessagesPage } from '../src/pages/account-messages.ts';
import { accountOrdersPage } from '../src/pages/account-orders.ts';
import { erasePage } from '../src/pages/erase.ts';
import { passwordResetPage } from '../src/pages/password-reset.ts';
import { profilePage } from '../src/pages/profile.ts';
import { registerPage } from '../src/pages/register.ts';
import { secondFactorPage } from '../src/pages/second-factor.ts';
import { securityPage } from '../src/pages/security.ts';
import { signInPage } from '../src/pages/sign-in.ts';
import { verifyEmailPage } from '../src/pages/verify-email.ts';
import { enAccount } from '../src/words/en-account.ts';
import { pageFaults } from './_page-faults.ts';
import { frameOf, type Shop, shops } from './_views.ts';

const moment = '2026-11-22T09:30:00.000Z';
const faultCodes = Object.keys(enAccount.account.faults) as FaultCode[];
const secret = 'correct horse battery';

/** What a person of this shop has typed, is called, and was sent. */
function personOf({ products, name }: Shop) {
  const text = products[0]?.name ?? '';
  const hostile = `"><script>alert('${name}')</script>`;
  const user: User = {
    id: '0198c5a4-7be2-7f19-93c4-000000000001',
    username: 'nora',
    email: `${hostile}@mail.example`,
    full_name: text === '' ? '–' : `${text} ${hostile}`,
    phone: null,
    role: 'customer',
    kind: 'registered',
    email_verified: name === 'full',
    version: 1,
    created_at: moment,
    updated_at: moment,
  };
  const values = {
    login: hostile,
    full_name: text,
    email: hostile,
    username: hostile,
    phone: hostile,
    password: secret,
    current_password: secret,
  };
  const sent: Notification = {
    id: '0198c5a4-7be2-7f19-93c4-000000000002',
    event_id: '0198c5a4-7be2-7f19-93c4-000000000003',
    event_type: 'order.created',
    user_id: user.id,
    order_id: null,
    channel: 'email',
    recipient: user.email,
    subject: name === 'long' ? null : hostile,
    body: `${text}\n${hostile}\n`.repeat(name === 'long' ? 100 : 1),
    status: 'sent',
    attempts: 1,
    failure_code: null,
    failure: null,
    failure_detail: null,
    created_at: moment,
    sent_at: name === 'full' ? moment : null,
  };
  const session: OpenSession = {
    id: '0198c5a4-7be2-7f19-93c4-000000000004',
    current: true,
    created_at: moment,
    renewed_at: moment,
    expires_at: moment,
  };
  const order = { order_number: 'S-1042', total_amount: 98, currency: 'EUR', created_at: moment } as const;
  const statuses = ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'] as const;
  const orders = statuses.map((status, index) => ({ ...order, status, id: `0198c5a4-7be2-7f19-93c4-00000000010${index}` }));
  return { user, values, hostile, messages: [sent], sessions: [session, { ...session, current: false }], orders };
}

function pagesOf(shop: Shop): readonly (readonly [string, string])[] {
  const frame = { ...frameOf(shop), person: undefined };
  const { user, values, hostile, messages, sessions, orders } = personOf(shop);
  const own = { ...frame, person: { full_name: user.full_name, is_guest: shop.name === 'German' } };
  const none: FormFaults = {};
  const faulty = (...names: string[]): FormFaults =>
    Object.fromEntries(['form', ...names].map((field, index) => [field, faultCodes[index] ?? 'invalid']));
  const to = '/search?q=a&sort=name';
  const factorOf = (change: Partial<SecondFactorView>): SecondFactorView => ({
    ...{ frame: own, state: undefined, enrolment: undefined, recovery_codes: undefined, removed: false, values: {}, faults: none },
    ...change,
  });
  return [
    ['sign-in', signInPage({ frame, to: undefined, needs_code: false, notice: undefined, values: {}, faults: none })],
    [
      'sign-in, refused',
      signInPage({ frame, to, needs_code: true, notice: 'erased', values, faults: faulty('login', 'password', 'code') }),
    ],
    ['register', registerPage({ frame, to: hostile, values: {}, faults: none })],
    ['register, refused', registerPage({ frame, to, values, faults: faulty('full_name', 'email', 'username', 'phone', 'password') })],
    ['reset', passwordResetPage({ frame, token: undefined, sent: false, values: {}, faults: none })],
    ['reset, sent', passwordResetPage({ frame, token: undefined, sent: true, values: {}, faults: none })],
    ['reset, by link', passwordResetPage({ frame, token: hostile, sent: false, values, faults: faulty('password') })],
    ['verify', verifyEmailPage({ frame, token: hostile, done: false, values: {}, faults: faulty() })],
    ['verify, without a link', verifyEmailPage({ frame, token: undefined, done: false, values: {}, faults: none })],
    ['verify, done', verifyEmailPage({ frame: own, token: undefined, done: true, values: {}, faults: none })],
    ['account', accountPage({ frame: own, user })],
    ['orders', accountOrdersPage({ frame: own, orders, next_cursor: hostile, is_first: false })],
    ['orders, none', accountOrdersPage({ frame: own, orders: [], next_cursor: null, is_first: true })],
    ['orders, away', accountOrdersPage({ frame: own, orders: undefined, next_cursor: null, is_first: true })],
    ['messages', accountMessagesPage({ frame: own, messages })],
    ['messages, none', accountMessagesPage({ frame: own, messages: [] })],
    ['messages, away', accountMessagesPage({ frame: own, messages: undefined })],
    ['profile', profilePage({ frame: own, user, saved: true, values: {}, faults: none })],
    ['profile, refused', profilePage({ frame: own, user, saved: false, values, faults: faulty('username', 'email', 'current_password') })],
    ['security', securityPage({ frame: own, sessions, notice: 'sessions_ended', values: {}, faults: none })],
    ['security, refused', securityPage({ frame: own, sessions: undefined, notice: undefined, values, faults: faulty('password') })],
    ...(['disabled', 'pending', 'enabled'] as const).map(
      (status) =>
        [`second factor ${status}`, secondFactorPage(factorOf({ state: { status, required: true, recovery_codes_left: 7 } }))] as const,
    ),
    ['second factor, away', secondFactorPage(factorOf({}))],
    ['second factor, begun', secondFactorPage(factorOf({ enrolment: { secret: hostile, uri: hostile }, faults: faulty('code') }))],
    ['second factor, set up', secondFactorPage(factorOf({ recovery_codes: [hostile, 'abcd-efgh'] }))],
    ['second factor, removed', secondFactorPage(factorOf({ removed: true, values, faults: faulty('current_password') }))],
    ['erase', erasePage({ frame: own, values: {}, faults: none })],
    ['erase, refused', erasePage({ frame: own, values, faults: { confirm: 'confirm', current_password: 'missing' } })],
  ];
}

describe('the pages of sign-in and account', () => {
  for (const shop of shops) {
    it(`are valid and safe for a shop that is ${shop.name}`, async () => {
      for (const [name, page] of pagesOf(shop)) {
        assert.deepEqual(await pageFaults(name, page), []);
        assert.ok(!page.includes(secret), `${name} repeats no password`);
        assert.match(page, /<meta name="robots" content="noindex">/, name);
      }
    });
  }

  it('say each kind of fault beside its field and above the form, and print the limits of the contract', () => {
    const [shop] = shops;
    assert.ok(shop);
    const frame = frameOf(shop);
    for (const code of faultCodes) {
      const page = registerPage({ frame, to: undefined, values: {}, faults: { password: code } });
      assert.equal(page.split(enAccount.account.faults[code].replaceAll("'", '&#39;')).length, 3, code);
      assert.match(
        page,
        /id="password" class="input" type="password"[^>]* maxlength="200" minlength="10" required[^>]* aria-invalid="true"/,
      );
    }
    assert.match(registerPage({ frame, to: undefined, values: {}, faults: {} }), /type="email"[^>]* maxlength="254"/);
  });

  it('are in the pages of everybody only as a way in, or as the own name', () => {
    const [shop] = shops;
    assert.ok(shop);
    const { user } = personOf(shop);
    const named = accountPage({ frame: { ...frameOf(shop), person: { full_name: 'Nora Novak', is_guest: false } }, user });
    assert.match(named, /<a href="\/account" aria-label="Signed in as Nora Novak"><bdi>Nora Novak<\/bdi><\/a>/);
    const stranger = signInPage({
      frame: { ...frameOf(shop), person: undefined },
      to: undefined,
      needs_code: false,
      notice: undefined,
      values: {},
      faults: {},
    });
    assert.match(stranger, /<p class="who"><a href="\/sign-in">Sign in<\/a><\/p>/);
  });
});

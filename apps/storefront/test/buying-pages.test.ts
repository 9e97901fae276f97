/** The pages of cart, checkout, orders and receipts, with the views of shops of all kinds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CheckoutNotice,
  checkoutFieldNames,
  type FieldFault,
  type ReturnView,
  type ShownOrder,
  type ShownReturn,
} from '../src/buying-views.ts';
import { orderSteps } from '../src/order-steps.ts';
import { cartPage } from '../src/pages/cart.ts';
import { checkoutPage } from '../src/pages/checkout.ts';
import { orderPage } from '../src/pages/order.ts';
import { receiptPage } from '../src/pages/receipt.ts';
import { returnPage } from '../src/pages/return.ts';
import { trackPage } from '../src/pages/track.ts';
import { returnableLines } from '../src/returnable.ts';
import {
  aCartView,
  aCheckoutView,
  anOrder,
  anOrderView,
  aQuote,
  aReceipt,
  aReturn,
  fullHistory,
  gone,
  parcelsOf,
} from './_buying-views.ts';
import { pageFaults } from './_page-faults.ts';
import { frameOf, type Shop, shops } from './_views.ts';

const faultNames: readonly FieldFault[] = [
  'missing',
  'too_long',
  'invalid',
  'country_unknown',
  'address_incomplete',
  'shipping_unavailable',
  'guest_other',
];
const statuses = ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'] as const;
const faultsFrom = (first: number) =>
  Object.fromEntries(checkoutFieldNames.map((name, index) => [name, faultNames[(first + index) % faultNames.length]]));

function pagesOf(shop: Shop): readonly (readonly [string, string])[] {
  const { words } = shop.tongue;
  const frame = frameOf(shop);
  // Their words are the same for all shops; what differs is tried with the worst of them.
  const isWorst = shop.name === 'hostile';
  const all = <Name>(names: readonly Name[]): readonly Name[] => (isWorst ? names : names.slice(0, 1));
  const cart_notices = Object.keys(words.cart.notice) as (keyof typeof words.cart.notice)[];
  const notices = Object.keys(words.checkout.notice) as CheckoutNotice[];
  const order_notices = Object.keys(words.order.notice) as (keyof typeof words.order.notice)[];
  const hostile = shop.variants[0]?.name ?? '';
  const action = { url: '/api/payments/sandbox/pages/x', until: '2026-11-30T13:30:00.000Z' };
  const inParcels = { ...anOrder(shop, 'shipped'), delivery: 'partial' as const, parcels: parcelsOf(anOrder(shop, 'shipped'), hostile) };
  const states = Object.keys(words.returns.state) as (keyof typeof words.returns.state)[];
  const typed = new Map(inParcels.items.map(({ product_id }) => [product_id, { quantity: hostile, reason: hostile }]));
  const aReturnView = (change: Partial<ReturnView>): ReturnView => ({
    ...{ frame, order: inParcels, returns: [], form_key: 'AAECAwQFBgcICQoLDA0ODw', typed, notice: undefined },
    ...change,
  });
  const { shipping_address: _address, totals: _totals, ...bare } = anOrder(shop, 'shipped');
  return [
    ['cart', cartPage(aCartView(shop))],
    ['empty cart', cartPage(aCartView(shop, { lines: [], total: 'away' }))],
    ...all(cart_notices).map((notice) => [`cart: ${notice}`, cartPage(aCartView(shop, { notice, lines: [gone] }))] as const),
    ...all(['away', 'currencies', 'unsellable', 'too_large'] as const).map(
      (total) => [`cart ${total}`, cartPage(aCartView(shop, { total }))] as const,
    ),
    ['checkout', checkoutPage(aCheckoutView(shop))],
    ['checkout of a customer', checkoutPage(aCheckoutView(shop, { customer: hostile }))],
    ['checkout without a total', checkoutPage(aCheckoutView(shop, { quote: undefined }))],
    [
      'checkout without delivery',
      checkoutPage(aCheckoutView(shop, { quote: aQuote(shop, { shipping_options: [], tax_lines: [], tax_included: false }) })),
    ],
    ...faultNames.map(
      (_name, first) => [`checkout, faults ${first}`, checkoutPage(aCheckoutView(shop, { faults: faultsFrom(first) }))] as const,
    ),
    ...all(notices).map((notice) => [`checkout: ${notice}`, checkoutPage(aCheckoutView(shop, { notice }))] as const),
    ...statuses.map((status) => [`order ${status}`, orderPage(anOrderView(shop, status))] as const),
    ...all(order_notices).map((notice) => [`order: ${notice}`, orderPage(anOrderView(shop, 'confirmed', { notice }))] as const),
    ['order that is late', orderPage(anOrderView(shop, 'pending', { late: true, history: undefined }))],
    ['order with a page', orderPage(anOrderView(shop, 'awaiting_payment', { action }))],
    [
      'order with a page elsewhere',
      orderPage(anOrderView(shop, 'awaiting_payment', { action: { ...action, url: `javascript:${hostile}` } })),
    ],
    [
      'order by a link',
      orderPage(
        anOrderView(shop, 'shipped', {
          order: { ...bare, town: { city: hostile, country: hostile }, parcels: inParcels.parcels },
          returns: states.map((state) => aReturn(inParcels, state, hostile)),
          opened_by: 'link',
          history: undefined,
          money: undefined,
        }),
      ),
    ],
    [
      'order in parcels',
      orderPage(anOrderView(shop, 'shipped', { order: inParcels, returns: states.map((state) => aReturn(inParcels, state, hostile)) })),
    ],
    ['order whose returns are away', orderPage(anOrderView(shop, 'shipped', { order: inParcels, returns: undefined }))],
    ['return', returnPage(aReturnView({}))],
    ['return, nothing left', returnPage(aReturnView({ order: anOrder(shop, 'confirmed') }))],
    ...all(['nothing', 'too_many', 'away'] as const).map((notice) => [`return: ${notice}`, returnPage(aReturnView({ notice }))] as const),
    ['receipt', receiptPage({ frame, receipt: aReceipt(shop) })],
    [
      'receipt of nothing',
      receiptPage({
        frame,
        receipt: aReceipt(shop, { checks: [], money: { ...aReceipt(shop).money, charges: [], refunds: [], charged: 0 } }),
      }),
    ],
    ['track', trackPage({ frame, fields: { order_number: '', email: '' }, faults: {}, sent: false, notice: undefined })],
    ['track, sent', trackPage({ frame, fields: { order_number: hostile, email: hostile }, faults: {}, sent: true, notice: undefined })],
    ...all(['away', 'too_many', 'link_invalid'] as const).map(
      (notice) =>
        [
          `track: ${notice}`,
          trackPage({
            frame,
            fields: { order_number: hostile, email: '' },
            faults: { order_number: 'invalid', email: 'missing' },
            sent: false,
            notice,
          }),
        ] as const,
    ),
  ];
}

describe('the pages of buying', () => {
  let drawn = 0;
  for (const shop of shops) {
    it(`are valid and safe for a shop that is ${shop.name}`, async () => {
      const faults: string[] = [];
      for (const [name, page] of pagesOf(shop)) {
        drawn += 1;
        faults.push(...(await pageFaults(name, page)));
        assert.match(page, /<meta name="robots" content="noindex">/, name);
      }
      assert.deepEqual(faults, []);
    });
  }

  const [shop] = shops as readonly [Shop];
  it('say beside each line of a cart what keeps it from being ordered', () => {
    const page = cartPage(aCartView(shop));
    assert.match(page, /Sold out\. Please remove it/);
    assert.match(page, /A product that is not shown at the moment/);
    assert.match(page, /Only 3 pieces are left\. Please take fewer\./);
    assert.match(page, />Cart, 3 pieces</);
  });

  it('have no button that orders while the total is not known, and one with the total otherwise', () => {
    assert.doesNotMatch(checkoutPage(aCheckoutView(shop, { quote: undefined })), /value="pay"/);
    assert.match(checkoutPage(aCheckoutView(shop)), /name="expected_total" value="1239\.4"[\s\S]*value="pay">Order and pay €1,239\.40</);
    assert.match(checkoutPage(aCheckoutView(shop, { notice: 'total_changed' })), /value="pay">Agree, and pay €1,239\.40</);
    const [, first] = /<button[^>]*value="(\w+)"/.exec(checkoutPage(aCheckoutView(shop)).split('name="cart"')[1] ?? '') ?? [];
    assert.equal(first, 'quote', 'Enter in a field orders nothing');
  });

  it('keep what was typed, say what is wrong on top and at the field, and ask a guest for an address only', () => {
    const page = checkoutPage(aCheckoutView(shop, { faults: { email: 'invalid', country: 'country_unknown' } }));
    assert.match(page, /role="alert"[\s\S]*href="#email">E-mail<\/a>: This cannot be read[\s\S]*href="#country"/);
    assert.match(page, /id="email"[^>]*value="Merino Jumper – Berry \/ S"[^>]*aria-invalid="true" aria-describedby="email-fault"/);
    assert.match(page, /<option value="PT" selected>Portugal/);
    assert.match(page, /value="tok_slow" checked/);
    assert.doesNotMatch(checkoutPage(aCheckoutView(shop, { customer: 'Carla' })), /id="email"/);
  });

  it('tell the steps of an order by their times, and those to come without', () => {
    const steps = (status: (typeof statuses)[number], history = fullHistory) =>
      orderSteps(anOrder(shop, status), history).map(({ name, at, state }) => `${name} ${at?.slice(14, 16) ?? '-'} ${state}`);
    assert.deepEqual(steps('pending', []), ['placed 00 done', 'held - open', 'paid - open', 'shipped - open']);
    assert.deepEqual(steps('completed'), [
      'placed 00 done',
      'held 02 done',
      'action 03 done',
      'paid 04 done',
      'shipped 05 done',
      'refunded 06 done',
      'completed 07 done',
    ]);
    assert.deepEqual(steps('confirmed', []), ['placed 00 done', 'held - done', 'paid - done', 'shipped - open'], 'by a link');
    assert.deepEqual(steps('cancelled', []), ['placed 00 done', 'cancelled - done']);
  });

  it('offer to cancel until it is sent, to begin again after it was cancelled, and a receipt to a session only', () => {
    for (const status of statuses) {
      const page = orderPage(anOrderView(shop, status));
      assert.equal(page.includes('/cancel"'), ['pending', 'awaiting_payment', 'confirmed'].includes(status), status);
      assert.equal(page.includes('value="again"'), status === 'cancelled', status);
      assert.ok(page.includes('/receipt"'), status);
    }
    assert.ok(!orderPage(anOrderView(shop, 'confirmed', { opened_by: 'link' })).includes('/receipt"'));
    assert.match(orderPage(anOrderView(shop, 'pending', { late: true })), /Nothing is charged; the order is kept/);
  });

  it('let be announced to come back what was sent and is not coming back already', () => {
    const product_id = '0198c5a4-7be2-7f19-93c4-0000000000d1';
    const sent = (quantity: number) => ({
      ...parcelsOf(anOrder(shop, 'shipped'), 'x')[0],
      items: [{ product_id, name: 'Lamp', quantity }],
    });
    const order = { parcels: [sent(2), sent(3)] } as Pick<ShownOrder, 'parcels'>;
    const coming = (state: ShownReturn['state'], quantity: number, restock = 0, write_off = 0): ShownReturn => ({
      ...aReturn(anOrder(shop, 'shipped'), state, 'x'),
      items: [{ product_id, name: 'Lamp', quantity, restock, write_off }],
    });
    const left = (...returns: ShownReturn[]) => returnableLines(order, returns).map(({ pieces }) => pieces);
    assert.deepEqual(left(), [5]);
    assert.deepEqual(left(coming('requested', 2), coming('approved', 1)), [2]);
    assert.deepEqual(left(coming('rejected', 5), coming('closed', 5)), [5]);
    assert.deepEqual(left(coming('received', 4, 1, 1), coming('refunded', 4, 2)), [1], 'what arrived counts');
    assert.deepEqual(left(coming('refunding', 1, 5)), []);
    assert.deepEqual(returnableLines({}, []), []);
  });

  it('were drawn', () => {
    process.stdout.write(`storefront: ${drawn} pages of buying valid\n`);
  });
});

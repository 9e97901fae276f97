/** What is typed of taxes and shipping: what is sent of it, and what is wrong with it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Problem, ShippingMethod, ShippingZone, TaxRate } from '@souk/contracts';
import { faultAt, faultsOf } from '../src/live/faults.ts';
import { findEntry } from '../src/live/find-entry.ts';
import { RefusedError } from '../src/live/transport.ts';
import { type FaultCode, readTyped, type TypedReader } from '../src/live/typed.ts';
import { changedMoment, momentOf, typedMoment } from '../src/parts/moment.ts';
import { quoteBody, withProduct } from '../src/screens/quotes/quote-body.ts';
import { isMethodAsSent, methodBody, methodTexts } from '../src/screens/shipping/method-body.ts';
import { isZoneAsSent, zoneBody, zoneTexts } from '../src/screens/shipping/zone-body.ts';
import { bodyOf, isAsSent, rateBody, rateTexts } from '../src/screens/taxes/rate-body.ts';

const codesIn = (faults: readonly { pointer: string; code: FaultCode }[]): string[] =>
  faults.map(({ pointer, code }) => `${pointer} ${code}`);

const rate: TaxRate = {
  id: '01990000-0000-7000-8000-000000000001',
  country: 'PT',
  region: null,
  postal_prefix: null,
  tax_class: 'standard',
  name: 'IVA',
  rate_percent: 23,
  valid_from: '2026-01-01T00:00:30.000Z',
  valid_until: null,
  version: 3,
};

describe('what is typed into a form', () => {
  const read = (value: string, by: (form: TypedReader<'x'>) => unknown) => {
    const { body, faults } = readTyped({ x: value }, by);
    return faults.length > 0 ? codesIn(faults).join() : body;
  };

  it('is read as what its member is, and each field says what is wrong with it', () => {
    assert.equal(
      read(' a ', (form) => form.text('x')),
      'a',
    );
    assert.equal(
      read('  ', (form) => form.text('x')),
      '/x missing',
    );
    assert.equal(
      read('  ', (form) => form.textOrNull('x')),
      null,
    );
    for (const [typed, found] of [
      ['9,975', 9.975],
      ['nine', '/x no_number'],
      ['', '/x missing'],
    ] as const)
      assert.equal(
        read(typed, (form) => form.decimal('x')),
        found,
      );
    for (const [typed, found] of [
      ['', null],
      ['0', 0],
      ['-1', '/x no_number'],
    ] as const)
      assert.equal(
        read(typed, (form) => form.decimalOrNull('x')),
        found,
      );
    for (const [typed, found] of [
      ['12', 12],
      ['1.5', '/x not_whole'],
    ] as const)
      assert.equal(
        read(typed, (form) => form.whole('x')),
        found,
      );
    assert.deepEqual(
      read('pt, es;fr\nde', (form) => form.codes('x')),
      ['PT', 'ES', 'FR', 'DE'],
    );
    assert.deepEqual(
      read('0 4.90\n\n 50  0 ', (form) => form.steps('x')),
      [
        { from: 0, amount: 4.9 },
        { from: 50, amount: 0 },
      ],
    );
    for (const wrong of ['0', '0 4 9', 'from 0'])
      assert.equal(
        read(wrong, (form) => form.steps('x')),
        '/x no_steps',
      );
  });

  it('has its faults where the shop finds them, at the member or inside it', () => {
    const problem = { errors: [{ pointer: '/steps/1/amount', detail: 'is too exact' }] } as unknown as Problem;
    const faults = faultsOf({ state: 'refused', error: new RefusedError(problem, undefined) });
    assert.deepEqual([faultAt(faults, '/steps')?.detail, faultAt(faults, '/steps')?.language], ['is too exact', 'en']);
    assert.equal(faultAt(faults, '/step'), undefined);
    assert.deepEqual(faultsOf({ state: 'refused', error: new Error('no answer') }), []);
    assert.deepEqual(faultsOf({ state: 'idle' }), []);
  });
});

describe('a moment in a field', () => {
  it('is of this time zone, and stays as exact as it was where it is not touched', () => {
    const at = new Date(2026, 2, 4, 5, 6).toISOString();
    assert.equal(typedMoment(at), '2026-03-04T05:06');
    assert.equal(momentOf(typedMoment(at)), at);
    assert.equal(typedMoment(null), '');
    assert.equal(changedMoment(typedMoment(rate.valid_from), rate.valid_from), rate.valid_from);
    assert.equal(changedMoment('', rate.valid_from), null);
    assert.equal(changedMoment('2026-03-04T05:06', null), at);
  });
});

describe('a rate of tax', () => {
  it('is sent as it was where nothing is changed, and known again by what was sent', () => {
    const { body, faults } = readTyped(rateTexts(rate, ''), (form) => rateBody(form, rate));
    assert.deepEqual([body, faults], [bodyOf(rate), []]);
    assert.ok(isAsSent({ ...rate, valid_from: '2026-01-01T00:00:30Z', version: 4 }, body));
    assert.ok(!isAsSent({ ...rate, rate_percent: 22 }, body));
    assert.ok(!isAsSent({ ...rate, valid_until: '2027-01-01T00:00:00.000Z' }, body));
  });

  it('is standard in a whole country where nothing else is typed', () => {
    const typed = { ...rateTexts(undefined, 'US'), name: 'Sales tax', rate_percent: '8.25', region: 'ca' };
    const { body } = readTyped(typed, (form) => rateBody(form, undefined));
    assert.deepEqual([body.country, body.region, body.tax_class, body.valid_from], ['US', 'CA', 'standard', null]);
    const { faults } = readTyped(rateTexts(undefined, ''), (form) => rateBody(form, undefined));
    assert.deepEqual(codesIn(faults), ['/country missing', '/name missing', '/rate_percent missing']);
  });
});

describe('shipping', () => {
  const zone: ShippingZone = { id: 'z', name: 'Iberia', countries: ['PT', 'ES'], regions: [], postal_prefixes: ['10'], version: 1 };
  const method: ShippingMethod = {
    ...{ id: 'm', zone_id: 'z', code: 'post', name: 'Post', kind: 'by_weight', currency: 'EUR' },
    steps: [
      { from: 0, amount: 4.9 },
      { from: 2_000, amount: 9.9 },
    ],
    ...{ free_from: 50, days_min: 2, days_max: 4, tax_class: null, active: true, position: 0, version: 2 },
  };

  it('has zones whose codes are typed one after the other, each kept once', () => {
    const { body } = readTyped({ ...zoneTexts(zone), countries: 'pt es PT' }, zoneBody);
    assert.deepEqual(body.countries, ['PT', 'ES', 'PT']);
    assert.ok(isZoneAsSent(zone, body));
    assert.ok(!isZoneAsSent({ ...zone, regions: ['CA'] }, body));
  });

  it('has methods that are sent as they were where nothing is changed', () => {
    const { body, faults } = readTyped(methodTexts(method, 'z'), (form) => methodBody(form, true));
    assert.deepEqual(faults, []);
    assert.ok(isMethodAsSent(method, body));
    assert.ok(!isMethodAsSent({ ...method, active: false }, body));
  });

  it('has one price where it is flat', () => {
    const typed = { ...methodTexts(undefined, 'z'), code: 'Post', name: 'Post', steps: '4,90', days_min: '1', days_max: 'x' };
    const { body, faults } = readTyped(typed, (form) => methodBody(form, true));
    assert.deepEqual([body.steps, body.code], [[{ from: 0, amount: 4.9 }], 'post']);
    assert.deepEqual(codesIn(faults), ['/days_max not_whole']);
    const flat = { ...method, kind: 'flat' as const, steps: [{ from: 0, amount: 4.9 }] };
    assert.equal(methodTexts(flat, 'z').steps, '4.9');
  });
});

describe('a quote', () => {
  const kettle = { id: 'k', name: 'Kettle' };

  it('asks for what was typed and nothing else', () => {
    const texts = { country: 'PT', state: '', postal_code: ' 1100-148 ', codes: 'winter10 ', method: '' };
    const { body } = readTyped(texts, (form) => quoteBody(form, [{ product: kettle, quantity: 2 }]));
    assert.deepEqual(body, {
      items: [{ product_id: 'k', quantity: 2 }],
      shipping_address: { country: 'PT', postal_code: '1100-148' },
      codes: ['WINTER10'],
    });
  });

  it('has one piece more of a product that is chosen again', () => {
    const chosen = withProduct(withProduct(withProduct([], kettle), { id: 'b', name: 'Bowl' }), kettle);
    assert.deepEqual(
      chosen.map(({ product, quantity }) => `${product.name} ${quantity}`),
      ['Kettle 2', 'Bowl 1'],
    );
  });
});

describe('an entry of a list', () => {
  const pages = [[1, 2], [3]];
  const read = async ({ cursor = '0' }: { cursor?: string }) => ({
    body: pages[Number(cursor)] ?? [],
    etag: undefined,
    next_cursor: cursor === '0' ? '1' : undefined,
  });

  it('is found on whichever page it stands', async () => {
    assert.equal(await findEntry(read, (entry) => entry === 3), 3);
    assert.equal(await findEntry(read, (entry) => entry === 4), undefined);
  });
});

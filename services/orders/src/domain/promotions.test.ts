import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogueProduct } from './goods.ts';
import { type Price, priceOrder } from './price-order.ts';
import { compileRules, type ShippingMethodRule, type StoredRules } from './pricing-rules.ts';
import type { PromotionRule } from './promotion-rules.ts';
import { offersOf, takeUses, usesOf } from './promotion-uses.ts';
import type { Offer } from './promotions.ts';

const all = { products: [], groups: [], categories: [] };
const aRule = (id: string, overrides: Partial<PromotionRule> = {}): PromotionRule => ({
  ...{ id, label: id, kind: 'percent', target: 'order', value: 100_000, currency: null, scope: all, get_scope: null, min_subtotal: 0 },
  ...{ buy_quantity: null, get_quantity: null, get_ppm: null, sets_max: null, uses_max: null, uses_per_customer: null },
  ...{ starts_at_ms: null, ends_at_ms: null, combinable: true, priority: 0, automatic: true },
  ...overrides,
});
const buyGet = (id: string, buy_quantity: number, get_quantity: number, overrides: Partial<PromotionRule> = {}): PromotionRule =>
  aRule(id, { kind: 'buy_get', target: 'lines', value: 0, buy_quantity, get_quantity, get_ppm: 1_000_000, ...overrides });
const post: ShippingMethodRule = {
  ...{ code: 'post', zone_id: 'z', name: 'Post', kind: 'flat', currency: 'EUR', steps: [{ from: 0, amount: 490 }] },
  ...{ free_from: 5_000, days_min: 1, days_max: 3, tax_class: null, position: 0 },
};
const noRules: StoredRules = { version: 1, countries: [], rates: [], zones: [], methods: [], promotions: [] };
const withPost: Partial<StoredRules> = { zones: [{ id: 'z', countries: [], regions: [], postal_prefixes: [] }], methods: [post] };

type Goods = Partial<CatalogueProduct> & { price: number; quantity?: number };

function priced(
  goods: Record<string, Goods>,
  offers: readonly (PromotionRule | Offer)[],
  rules: Partial<StoredRules> = {},
  country = 'DE',
): Price {
  const catalogue = new Map(
    Object.entries(goods).map(([product_id, { quantity: _quantity, ...product }]): [string, CatalogueProduct] => [
      product_id,
      {
        ...{ product_id, product_version: 1, sku: product_id, name: product_id, currency: 'EUR', status: 'active' },
        ...{ tax_class: null, weight_g: null, group_id: null, category: null },
        ...product,
      },
    ]),
  );
  const items = Object.entries(goods).map(([product_id, { quantity = 1 }]) => ({ product_id, quantity }));
  const taken = offers.map((one): Offer => ('rule' in one ? one : { rule: one, code: null }));
  const compiled = compileRules({ ...noRules, ...rules }, new Map([['DE', 'DE']]));
  return priceOrder({ items, shipping_address: { country } }, catalogue, compiled, 0, taken);
}
const offOf = ({ totals }: Price) => totals?.discounts?.map(({ promotion_id, amount }) => [promotion_id, amount]) ?? [];
const lineDiscounts = ({ items }: Price) => Object.fromEntries(items.map(({ product_id, discount = 0 }) => [product_id, discount]));

describe('a promotion', () => {
  test('takes its percentage of the sum, half up, shared so that nothing is lost', () => {
    const price = priced({ a: { price: 333 }, b: { price: 333 }, c: { price: 339 } }, [aRule('p', { value: 150_000 })]);
    assert.deepEqual([price.total_amount, lineDiscounts(price)], [854, { a: 50, b: 50, c: 51 }]);
    assert.deepEqual(
      price.items.map(({ paid }) => paid),
      [283, 283, 288],
    );
  });

  test('in a shop without rules for places asks for none, and a code without effect changes nothing', () => {
    const goods = { a: { price: 1_000 } };
    assert.equal(priced(goods, [aRule('p')], {}, 'where no post goes').total_amount, 900);
    const big = { rule: aRule('q', { min_subtotal: 5_000 }), code: 'BIG' };
    assert.deepEqual(priced(goods, [big]), { ...priced(goods, []), refused_codes: [{ code: 'BIG', reason: 'minimum_not_reached' }] });
    assert.equal(priced(goods, []).totals, null);
  });

  test('of a fixed amount takes exactly that, and never more than there is', () => {
    const off = aRule('p', { kind: 'fixed', value: 1_000, currency: 'EUR' });
    assert.equal(priced({ a: { price: 999, quantity: 2 }, b: { price: 1 } }, [off]).total_amount, 999);
    assert.deepEqual(priced({ a: { price: 400 } }, [off]).total_amount, 0);
    assert.deepEqual(offOf(priced({ a: { price: 4_000 } }, [{ ...off, currency: 'USD' }])), [], 'an amount of another currency is none');
  });

  test('looks at the goods of its scope alone: products, groups with their variants, categories', () => {
    const goods = { a: { price: 1_000 }, b: { price: 1_000, group_id: 'g' }, c: { price: 1_000, category: 'Lamps' } };
    const on = (scope: Partial<PromotionRule['scope']>) => priced(goods, [aRule('p', { target: 'lines', scope: { ...all, ...scope } })]);
    assert.deepEqual(lineDiscounts(on({ products: ['a'] })), { a: 100, b: 0, c: 0 });
    assert.deepEqual(lineDiscounts(on({ groups: ['g'] })), { a: 0, b: 100, c: 0 });
    assert.deepEqual(lineDiscounts(on({ groups: ['a'] })), { a: 100, b: 0, c: 0 }, 'what stands alone is a group of its own');
    assert.deepEqual(lineDiscounts(on({ categories: ['Lamps'], products: ['a'] })), { a: 100, b: 0, c: 100 });
    assert.deepEqual(offOf(on({ categories: [''] })), []);
  });

  test('needs its minimum of eligible goods, as they are before it', () => {
    const goods = { a: { price: 1_000 }, b: { price: 9_000 } };
    const scope = { ...all, products: ['a'] };
    const small = aRule('p', { target: 'lines', scope, min_subtotal: 1_000, currency: 'EUR' });
    assert.deepEqual(offOf(priced(goods, [small])), [['p', 100]]);
    assert.deepEqual(offOf(priced(goods, [{ ...small, min_subtotal: 1_001 }])), []);
    const before = aRule('a', { target: 'lines', value: 10_000 });
    assert.deepEqual(offOf(priced(goods, [small, before])), [['a', 100]], 'the other has taken it below the minimum');
  });
});

describe('promotions together', () => {
  const goods = { a: { price: 10_000 } };

  test('are taken off what is left: lines, order, shipping, each in order of priority and id', () => {
    const offers = [
      aRule('order', { kind: 'fixed', value: 1_000, currency: 'EUR' }),
      aRule('second', { target: 'lines', value: 100_000, priority: 2 }),
      aRule('first', { target: 'lines', value: 500_000, priority: 1 }),
      aRule('post', { kind: 'free_shipping', target: 'shipping', value: 0 }),
    ];
    const price = priced(goods, offers, withPost);
    assert.deepEqual(offOf(price), [
      ['first', 5_000],
      ['second', 500],
      ['order', 1_000],
      ['post', 490],
    ]);
    assert.deepEqual([price.total_amount, price.totals?.shipping_total], [3_500, 0]);
    assert.deepEqual(priced(goods, offers.toReversed(), withPost), price);
  });

  test('free shipping by value looks at what is left of the goods', () => {
    const half = aRule('p', { value: 500_000 });
    assert.equal(priced({ a: { price: 9_998 } }, [half], withPost).totals?.shipping_total, 490);
    assert.equal(priced({ a: { price: 10_000 } }, [half], withPost).totals?.shipping_total, 0);
    const some = aRule('s', { target: 'shipping', kind: 'fixed', value: 200, currency: 'EUR' });
    const { totals, options, total_amount } = priced({ a: { price: 1_000 } }, [some], withPost);
    assert.deepEqual([totals?.shipping_total, options[0]?.amount, total_amount], [290, 290, 1_290]);
  });

  test('all combinable ones compete with each other one alone, and the lowest total wins', () => {
    const [one, two] = [aRule('one'), aRule('two')];
    const alone = (id: string, value: number) => aRule(id, { combinable: false, value });
    assert.deepEqual(offOf(priced(goods, [alone('z', 200_000), one, two])), [['z', 2_000]]);
    assert.deepEqual(offOf(priced(goods, [one, alone('z', 180_000), two])), [
      ['one', 1_000],
      ['two', 900],
    ]);
    assert.deepEqual(
      offOf(priced(goods, [alone('a', 190_000), one, two])),
      [
        ['one', 1_000],
        ['two', 900],
      ],
      'at equal totals the combinable ones',
    );
    assert.deepEqual(offOf(priced(goods, [alone('y', 300_000), alone('x', 300_000), one])), [['x', 3_000]], 'then the smaller id');
    const cheap = priced(
      { a: { price: 5_000 } },
      [alone('z', 10_000), aRule('post', { kind: 'free_shipping', target: 'shipping', value: 0 })],
      withPost,
    );
    assert.deepEqual(offOf(cheap), [], 'shipping is free above 50.00, and 0.50 off the goods would cost it');
    const dearer = priced({ a: { price: 5_000 } }, [{ rule: aRule('small', { value: 10_000 }), code: 'small' }], withPost);
    assert.deepEqual([dearer.total_amount, dearer.refused_codes], [5_000, [{ code: 'small', reason: 'no_effect' }]]);
  });

  test('a code that takes nothing off is refused with the reason', () => {
    const coded = (rule: PromotionRule): Offer => ({ rule, code: rule.id });
    const whole = aRule('whole', { value: 1_000_000 });
    const { refused_codes } = priced(goods, [
      coded(whole),
      coded(aRule('late', { priority: 1 })),
      coded(aRule('minimum', { min_subtotal: 10_001, currency: 'EUR', target: 'lines' })),
      coded(aRule('other', { target: 'lines', scope: { ...all, products: ['b'] } })),
      coded(aRule('alone', { combinable: false })),
    ]);
    assert.deepEqual(Object.fromEntries(refused_codes.map(({ code, reason }) => [code, reason])), {
      late: 'no_effect',
      minimum: 'minimum_not_reached',
      other: 'nothing_eligible',
      alone: 'not_combinable',
    });
  });
});

describe('buy some, get some', () => {
  test('of one scope: the cheapest of each full block, dearest blocks first, as many sets as are allowed', () => {
    const goods = { a: { price: 1_000, quantity: 3 }, b: { price: 500, quantity: 3 }, c: { price: 100 } };
    assert.deepEqual(lineDiscounts(priced(goods, [buyGet('p', 2, 1)])), { a: 1_000, b: 500, c: 0 });
    assert.deepEqual(lineDiscounts(priced(goods, [buyGet('p', 2, 1, { sets_max: 1 })])), { a: 1_000, b: 0, c: 0 });
    assert.deepEqual(lineDiscounts(priced(goods, [buyGet('p', 1, 2)])), { a: 2_000, b: 1_000, c: 0 });
    assert.deepEqual(offOf(priced({ a: { price: 1_000, quantity: 2 } }, [buyGet('p', 2, 1)])), [], 'no full block');
    assert.deepEqual(lineDiscounts(priced(goods, [buyGet('p', 2, 1, { get_ppm: 500_000 })])), { a: 500, b: 250, c: 0 });
  });

  test('of two scopes: the cheapest of the others, and a unit counts once', () => {
    const scope = (...products: string[]) => ({ ...all, products });
    const offer = (more: Partial<PromotionRule>) => buyGet('p', 2, 1, { scope: scope('a'), get_scope: scope('b', 'c'), ...more });
    const goods = { a: { price: 1_000, quantity: 5 }, b: { price: 700, quantity: 2 }, c: { price: 300 } };
    assert.deepEqual(lineDiscounts(priced(goods, [offer({})])), { a: 0, b: 700, c: 300 });
    assert.deepEqual(lineDiscounts(priced(goods, [offer({ sets_max: 1 })])), { a: 0, b: 0, c: 300 });
    const overlapping = offer({ scope: scope('a', 'b'), get_scope: scope('b') });
    assert.deepEqual(lineDiscounts(priced({ a: { price: 900 }, b: { price: 700, quantity: 2 } }, [overlapping])), { a: 0, b: 700 });
    assert.deepEqual(offOf(priced({ b: { price: 700, quantity: 2 } }, [overlapping])), [], 'what is got was not bought');
  });

  test('takes its part of what other promotions left', () => {
    const half = aRule('a', { target: 'lines', value: 500_000 });
    assert.deepEqual(lineDiscounts(priced({ a: { price: 1_001, quantity: 3 } }, [half, buyGet('p', 2, 1)])), { a: 1_502 + 500 });
  });
});

describe('what is offered', () => {
  const limited = aRule('limited', { automatic: false, uses_max: 2, uses_per_customer: 1 });
  const free = aRule('free', { automatic: false });
  const timed = aRule('timed', { automatic: false, starts_at_ms: 100, ends_at_ms: 200 });
  const { promotions, automatic } = compileRules({ ...noRules, promotions: [limited, free, timed, aRule('always')] }, new Map());
  const known = (code_key: string, promotion_id: string, uses_max: number | null = null, used = 0, withdrawn = false) => ({
    code_key,
    promotion_id,
    uses_max,
    used,
    withdrawn,
  });
  const fresh = () =>
    usesOf(
      [
        known('SAVE', 'limited'),
        known('FREE', 'free'),
        known('ONCE', 'free', 1),
        known('ZEIT', 'timed'),
        known('GONE', 'ended'),
        known('LEAKED', 'free', 1, 1, true),
      ],
      [{ id: 'limited', uses_max: 2, uses_per_customer: 1, used: 0 }],
      [],
    );
  const offered = (codes: string[], uses = fresh(), customer: string | undefined = 'c1', at_ms = 150) => {
    const { offers, refused } = offersOf(codes, { promotions, automatic }, uses, customer, at_ms);
    return [offers.map(({ rule, code }) => [rule.id, code]), refused.map(({ code, reason }) => [code, reason])];
  };

  test('depends on codes in whatever case and width, and on the time', () => {
    assert.deepEqual(offered(['ｓave', 'SAVE', 'zeit']), [
      [
        ['limited', 'SAVE'],
        ['timed', 'zeit'],
        ['always', null],
      ],
      [],
    ]);
    assert.deepEqual(offered(['ZEIT'], fresh(), 'c1', 99)[1], [['ZEIT', 'not_yet_valid']]);
    assert.deepEqual(offered(['ZEIT'], fresh(), 'c1', 200)[1], [['ZEIT', 'expired']]);
    assert.deepEqual(offered(['none', 'gone'])[1], [
      ['none', 'unknown'],
      ['gone', 'unknown'],
    ]);
    assert.deepEqual(offered(['free', 'once'])[1], [['once', 'no_effect']]);
    assert.deepEqual(offered(['leaked', 'once'])[1], [['leaked', 'expired']], 'withdrawn, whatever is left of it; the other code applies');
  });

  test('counts each order for those behind it: of the promotion, of the customer, of the code', () => {
    const uses = fresh();
    const discount = (promotion_id: string, code: string | null) =>
      ({ promotion_id, code, label: '', target: 'order', amount: 5 }) as const;
    assert.deepEqual(takeUses(uses, [discount('limited', 'save'), discount('free', 'once'), discount('always', null)], 'c1'), [
      { promotion_id: 'limited', code_key: 'SAVE', customer_key: 'c1', amount: 5, counted: true },
      { promotion_id: 'free', code_key: 'ONCE', customer_key: 'c1', amount: 5, counted: false },
    ]);
    assert.deepEqual(offered(['save', 'once'], uses)[1], [
      ['save', 'used_by_customer'],
      ['once', 'used_up'],
    ]);
    assert.deepEqual(offered(['save'], uses, 'c2')[1], []);
    takeUses(uses, [discount('limited', 'save')], 'c2');
    assert.deepEqual(offered(['save'], uses, 'c3')[1], [['save', 'used_up']]);
  });

  test('grants nothing of a limit that was not read', () => {
    assert.deepEqual(offered(['save'], usesOf([known('SAVE', 'limited')], [], []))[1], [['save', 'used_up']]);
  });
});

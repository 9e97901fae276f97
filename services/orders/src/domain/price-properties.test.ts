/** Properties of prices over random orders, places, classes and dates; the table of tax is worked out a second time here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countryCodes } from './countries.ts';
import { priceOrder } from './price-order.ts';
import { compileRules } from './pricing-rules.ts';
import { share } from './shares.ts';

const now = Date.UTC(2026, 0, 1);
const codes = countryCodes();
const everywhere = { id: 'z', countries: [], regions: [], postal_prefixes: [] };
const post = {
  code: 'post',
  zone_id: 'z',
  name: 'Post',
  kind: 'flat',
  currency: 'EUR',
  free_from: null,
  days_min: 1,
  days_max: 3,
  position: 0,
} as const;

test('shares add up to the total, whatever the weights', () => {
  const amounts = fc.array(fc.nat({ max: 1_000_000_000_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000_000_000 }), amounts, (total, weights) => {
      const shares = share(total, weights);
      const sum = weights.reduce((left, right) => left + right, 0);
      assert.equal(
        shares.reduce((left, right) => left + right, 0),
        total,
      );
      if (sum > 0)
        shares.forEach((part, index) => {
          const exact = (BigInt(total) * BigInt(weights[index] ?? 0)) / BigInt(sum);
          assert.ok(BigInt(part) === exact || BigInt(part) === exact + 1n);
        });
    }),
  );
});

/** The rules of tax once more, from their words: whole sums of fractions, rounded once. */
function expectedTax(
  values: readonly { value: number; rates: readonly { key: string; ppm: number }[] }[],
  inside: boolean,
): Map<string, bigint> {
  const sums = new Map<string, { over: bigint; under: bigint }>();
  for (const { value, rates } of values) {
    const divisor = 1_000_000n + (inside ? rates.reduce((sum, { ppm }) => sum + BigInt(ppm), 0n) : 0n);
    for (const { key, ppm } of rates) {
      const { over, under } = sums.get(key) ?? { over: 0n, under: 1n };
      sums.set(key, { over: over * divisor + BigInt(value) * BigInt(ppm) * under, under: under * divisor });
    }
  }
  return new Map([...sums].map(([key, { over, under }]) => [key, (2n * over + under) / (2n * under)]));
}

test('any order at any place and time: sums are exact, tax is taken once, no share is negative or larger than its part', () => {
  const ppm = fc.oneof(fc.constantFrom(0, 190_000, 70_000, 81_000, 99_750), fc.nat({ max: 500_000 }));
  const rule = fc.record({
    tax_class: fc.constantFrom('standard', 'food', 'books'),
    name: fc.constantFrom('GST', 'QST', 'VAT'),
    rate_ppm: ppm,
  });
  const line = fc.record({
    price: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 100_000 }), fc.nat({ max: 10_000_000 })),
    quantity: fc.integer({ min: 1, max: 12 }),
    tax_class: fc.constantFrom(null, 'standard', 'food', 'books'),
  });
  const shop = fc.record({
    inside: fc.boolean(),
    rules: fc.uniqueArray(rule, { maxLength: 9, selector: ({ tax_class, name }) => `${tax_class} ${name}` }),
    lines: fc.array(line, { minLength: 1, maxLength: 10 }),
    shipping: fc.oneof(fc.constant(null), fc.nat({ max: 3_000 })),
    own_class: fc.constantFrom(null, 'standard', 'food'),
  });
  fc.assert(
    fc.property(shop, ({ inside, rules, lines, shipping, own_class }) => {
      const catalogue = new Map(
        lines.map(({ price, tax_class }, index) => [
          String(index),
          {
            ...{ product_id: String(index), product_version: 1, sku: 'S', name: 'N', price, currency: 'EUR', status: 'active' as const },
            ...{ tax_class, weight_g: null, group_id: null, category: null },
          },
        ]),
      );
      const items = lines.map(({ quantity }, index) => ({ product_id: String(index), quantity }));
      const sent =
        shipping === null
          ? { zones: [], methods: [] }
          : { zones: [everywhere], methods: [{ ...post, steps: [{ from: 0, amount: shipping }], tax_class: own_class }] };
      const stored = {
        version: 7,
        countries: [{ country: 'DE', included: inside }],
        rates: rules.map((one) => ({
          ...one,
          country: 'DE',
          region: null,
          postal_prefix: null,
          valid_from_ms: now,
          valid_until_ms: now + 1,
        })),
        ...sent,
        promotions: [],
      };
      const order = priceOrder({ items, shipping_address: { country: 'DE' } }, catalogue, compileRules(stored, codes), now);
      const { totals } = order;
      assert.ok(totals);
      const ratesOf = (tax_class: string | null) => {
        const own = rules.filter((one) => one.tax_class === (tax_class ?? 'standard'));
        return (own.length > 0 ? own : rules.filter((one) => one.tax_class === 'standard')).map((one) => ({
          key: `${one.name} ${one.rate_ppm}`,
          ppm: one.rate_ppm,
        }));
      };
      const subtotal = order.items.reduce((sum, { line_total }) => sum + line_total, 0);
      const weights = order.items.map(({ line_total, quantity }) => (subtotal === 0 ? quantity : line_total));
      const parts = [
        ...order.items.map(({ line_total }, index) => ({ value: line_total, rates: ratesOf(lines[index]?.tax_class ?? null) })),
        ...(shipping
          ? share(shipping, weights).map((value, index) => ({ value, rates: ratesOf(own_class ?? lines[index]?.tax_class ?? null) }))
          : []),
      ];
      const expected = expectedTax(parts, inside);
      assert.deepEqual(new Map(totals.tax_lines.map((one) => [`${one.name} ${one.rate_ppm}`, BigInt(one.amount)])), expected);
      const sum = (amounts: readonly (number | undefined)[]) => amounts.reduce<number>((left, right) => left + (right ?? 0), 0);
      assert.equal(sum(totals.tax_lines.map(({ amount }) => amount)), totals.tax_total);
      assert.equal(
        sum(order.items.map(({ paid, line_total, shipping: share_of }) => (paid ?? line_total) + (share_of ?? 0))),
        order.total_amount,
      );
      assert.equal(order.total_amount, subtotal + (shipping ?? 0) + (inside ? 0 : totals.tax_total));
      const goods_tax = sum(order.items.map(({ tax }) => tax));
      assert.equal(sum(order.items.map(({ shipping: of }) => of)), (shipping ?? 0) + (inside ? 0 : totals.tax_total - goods_tax));
      for (const { tax = 0, paid, line_total } of order.items) {
        assert.equal(paid ?? line_total, line_total + (inside ? 0 : tax));
        assert.ok(Number.isSafeInteger(tax) && tax >= 0);
        const set = rules.length;
        if (inside && set <= 3) assert.ok(tax <= line_total, `${tax} of ${line_total}`);
      }
    }),
    { numRuns: 3_000 },
  );
});

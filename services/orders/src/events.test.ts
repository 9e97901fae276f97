import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Labels, type Metrics, silentLog } from '@souk/kernel';
import { type CheckoutMove, checkoutsMoved, ordersPlaced } from './events.ts';

function observer() {
  const counts: Record<string, number> = {};
  const observed: number[] = [];
  const metrics: Metrics = {
    count(name, labels: Labels = {}, by = 1) {
      const key = [name, ...Object.values(labels)].join(' ');
      counts[key] = (counts[key] ?? 0) + by;
    },
    observe: (name, _labels, value) => {
      if (name === 'souk_checkout_duration_seconds') observed.push(value);
    },
    gauge() {},
  };
  return { counts, observed, watch: { log: silentLog, metrics } };
}

const aMove = (change: Partial<CheckoutMove> = {}): CheckoutMove => ({
  from: 'awaiting_payment',
  to: 'confirmed',
  cause: 'payment.processed',
  total_amount: 12_995,
  currency: 'EUR',
  placed_at: 1_000,
  moved_at: 3_500,
  ends: true,
  traceparent: undefined,
  ...change,
});

test('a checkout placed by a clock that is ahead took no time, and none takes longer than a day', () => {
  const { observed, watch } = observer();
  checkoutsMoved(watch, [aMove(), aMove({ placed_at: 9_000 }), aMove({ placed_at: -Number.MAX_SAFE_INTEGER }), aMove({ ends: false })]);
  assert.deepEqual(observed, [2.5, 0, 86_400]);
});

test('confirmed orders are revenue by currency, and only they; a passed deadline is counted where the order waited', () => {
  const { counts, watch } = observer();
  const late = { from: 'pending', to: 'cancelled', cause: 'deadline_passed' };
  checkoutsMoved(watch, [
    aMove(),
    aMove(),
    aMove({ currency: 'JPY', total_amount: 700 }),
    aMove(late),
    aMove({ from: 'confirmed', to: 'shipped' }),
  ]);
  assert.equal(counts['souk_orders_revenue_minor_units_total EUR'], 25_990);
  assert.equal(counts['souk_orders_revenue_minor_units_total JPY'], 700);
  assert.equal(counts['souk_checkout_deadlines_total pending'], 1);
  assert.equal(counts['souk_checkout_transitions_total awaiting_payment confirmed payment.processed'], 3);
});

test('a currency shows its revenue as 0 before its first order is paid', () => {
  const { counts, watch } = observer();
  ordersPlaced(watch, [{ currency: 'EUR' }, { currency: 'CHF' }, { currency: 'EUR' }]);
  assert.deepEqual(counts, {
    'souk_orders_placed_total EUR': 2,
    'souk_orders_revenue_minor_units_total EUR': 0,
    'souk_orders_placed_total CHF': 1,
    'souk_orders_revenue_minor_units_total CHF': 0,
  });
});

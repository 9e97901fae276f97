import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExplanationStep } from '@souk/contracts';
import { chartHeight, chartOf, chartWidth } from '../src/screens/drills/drill-chart.ts';
import { causeGraph, nodeHeight, nodeWidth } from '../src/screens/orders/cause-graph.ts';
import { filtersOf, orderQuery } from '../src/screens/orders/order-query.ts';
import { promotionOf } from '../src/screens/promotions/promotion-fields.ts';
import { stateOf } from '../src/screens/promotions/promotion-state.ts';

const step = (number: number, service: string, causes: readonly [number, number][] = []): ExplanationStep => ({
  number,
  at: '2026-07-01T12:00:00Z',
  after_ms: number,
  service,
  kind: 'done',
  text: 'it was done',
  id: null,
  attempts: null,
  is_problem: false,
  because_of: causes.map(([cause, waited_ms]) => ({ step: cause, waited_ms, event_type: null, event_id: null })),
});

describe('the drawing of causes', () => {
  const steps = [
    step(1, 'orders'),
    step(2, 'inventory', [[1, 5]]),
    step(3, 'orders', [[2, 7]]),
    step(4, 'orders', [[1, 2_000]]),
    step(5, 'payments', [[9, 1]]),
  ];
  const graph = causeGraph(steps);

  it('has a line for each service, a column for each step, and lets nothing overlap', () => {
    assert.deepEqual(
      graph.services.map(({ name }) => name),
      ['orders', 'inventory', 'payments'],
    );
    for (const [index, node] of graph.nodes.entries()) {
      assert.equal(node.y, graph.services.find(({ name }) => name === node.step.service)?.y);
      const before = graph.nodes[index - 1];
      assert.ok(before === undefined || node.x - before.x > nodeWidth);
      assert.ok(node.x + nodeWidth / 2 <= graph.width && node.y + nodeHeight / 2 <= graph.height);
    }
  });

  it('has an arrow from each cause that is there, and marks a long wait', () => {
    assert.deepEqual(
      graph.arrows.map(({ from, to, is_long }) => [from, to, is_long]),
      [
        [1, 2, false],
        [2, 3, false],
        [1, 4, true],
      ],
    );
    for (const { line } of graph.arrows) assert.doesNotMatch(line, /NaN|undefined/);
  });

  it('is empty of an order of which nothing is known', () => assert.deepEqual(causeGraph([]).nodes, []));
});

describe('the chart of a drill', () => {
  const drill = { gone_at: '2026-07-01T12:00:00.000Z', back_at: '2026-07-01T12:00:05.000Z', duration_s: 5 };

  it('reaches from the first look to the last, and has a gap where nothing was known', () => {
    const samples = [
      { after_ms: 0, waiting: 0 },
      { after_ms: 5_000, waiting: null },
      { after_ms: 8_000, waiting: 4 },
      { after_ms: 10_000, waiting: 2 },
    ];
    const { line, away, most } = chartOf({ ...drill, samples });
    assert.equal(line, `M0 ${chartHeight}M512 0L${chartWidth} ${chartHeight / 2}`);
    assert.deepEqual([away, most], [{ from: 0, to: chartWidth / 2 }, 4]);
  });

  it('shows how long the target will be away before it is back', () => {
    assert.deepEqual(chartOf({ ...drill, back_at: null, samples: [] }), {
      line: '',
      away: { from: 0, to: chartWidth },
      most: 1,
      length_ms: 5_000,
    });
  });
});

describe('filters of orders', () => {
  it('are what the address says, as far as that is something', () => {
    assert.deepEqual(filtersOf({ status: 'paid', from: 'yesterday', sku: '', cursor: 'x' }), {});
    assert.deepEqual(filtersOf({ status: 'pending', from: '2026-11-30', user_id: 'u' }), {
      status: 'pending',
      from: '2026-11-30',
      user_id: 'u',
    });
  });

  it('are days of this time zone, the last one whole', () => {
    const { from, to } = orderQuery({ from: '2026-02-28', to: '2026-02-28' });
    assert.equal(from, new Date(2026, 1, 28).toISOString());
    assert.equal(to, new Date(2026, 2, 1).toISOString());
  });
});

describe('a promotion', () => {
  const empty = {
    value: '',
    currency: 'eur',
    min_subtotal: '',
    buy_quantity: '',
    get_quantity: '',
    get_percent: '',
    uses_max: '',
    uses_per_customer: '',
    starts_at: '',
    ends_at: '',
  };
  const typed = { ...empty, label: ' Summer ' };
  const choices = { kind: 'percent', automatic: false, combinable: true } as const;

  it('is sent with what its kind has, and begins without applying', () => {
    const made = promotionOf({ ...typed, value: '12,5', uses_max: '10' }, choices);
    assert.deepEqual([made?.label, made?.value, made?.uses_max, made?.active, made?.currency], ['Summer', 12.5, 10, false, undefined]);
    assert.equal(promotionOf({ ...typed, value: '5', min_subtotal: '20' }, { ...choices, kind: 'fixed' })?.currency, 'EUR');
    const bought = promotionOf({ ...typed, buy_quantity: '2', get_quantity: '1', get_percent: '100' }, { ...choices, kind: 'buy_get' });
    assert.deepEqual([bought?.buy_quantity, bought?.get_quantity, bought?.get_percent], [2, 1, 100]);
  });

  it('is not sent where a number is missing or none', () => {
    for (const wrong of [{}, { value: 'half' }, { value: '5', uses_max: 'many' }, { value: '5', label: ' ' }])
      assert.equal(promotionOf({ ...typed, ...wrong }, choices), undefined);
    assert.equal(promotionOf({ ...typed, buy_quantity: '2' }, { ...choices, kind: 'buy_get' }), undefined);
  });

  it('is a draft, waits, runs or has ended', () => {
    const now_ms = Date.parse('2026-07-01T12:00:00Z');
    const [before, after] = ['2026-07-01T11:00:00Z', '2026-07-01T13:00:00Z'];
    assert.equal(stateOf({ active: false, starts_at: null, ends_at: null }, now_ms), 'draft');
    assert.equal(stateOf({ active: true, starts_at: after, ends_at: null }, now_ms), 'waiting');
    assert.equal(stateOf({ active: true, starts_at: before, ends_at: after }, now_ms), 'running');
    assert.equal(stateOf({ active: true, starts_at: before, ends_at: before }, now_ms), 'ended');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExplanationStep, Promotion } from '@souk/contracts';
import { readTyped } from '../src/live/typed.ts';
import { chartHeight, chartOf, chartWidth } from '../src/screens/drills/drill-chart.ts';
import { causeGraph, nodeHeight, nodeWidth } from '../src/screens/orders/cause-graph.ts';
import { filtersOf, orderQuery } from '../src/screens/orders/order-query.ts';
import {
  isPromotionAsSent,
  type PromotionChoices,
  type PromotionTexts,
  promotionBody,
  promotionTexts,
} from '../src/screens/promotions/promotion-body.ts';
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
  const empty = promotionTexts(undefined);
  const choices = { kind: 'percent', automatic: false, combinable: true } as const;
  const read = (typed: Partial<PromotionTexts>, chosen: PromotionChoices = choices, before?: Promotion) =>
    readTyped({ ...empty, label: ' Summer ', ...typed }, (form) => promotionBody(form, chosen, before));

  it('is sent with what its kind has', () => {
    const { body: made, faults } = read({ value: '12,5', uses_max: '10' });
    assert.deepEqual([faults, made.label, made.value, made.uses_max, made.currency], [[], 'Summer', 12.5, 10, null]);
    assert.ok(!('buy_quantity' in made) && !('target' in made));
    assert.equal(read({ value: '5', min_subtotal: '20', currency: 'chf' }, { ...choices, kind: 'fixed' }).body.currency, 'CHF');
    const bought = read({ get_groups: 'socks-id, shirts-id' }, { ...choices, kind: 'buy_get' }).body;
    assert.deepEqual([bought.buy_quantity, bought.get_quantity, bought.get_percent, bought.value], [2, 1, 100, 0]);
    assert.deepEqual(bought.get_scope, { products: [], groups: ['socks-id', 'shirts-id'], categories: [] });
  });

  it('takes its value off the goods that it names, where it names some', () => {
    const { body } = read({ value: '5', categories: 'Home\n Pots and pans \n' });
    assert.deepEqual([body.target, body.scope.categories], ['lines', ['Home', 'Pots and pans']]);
  });

  it('is not sent where a number is missing or none, and says at which field', () => {
    const wrongs: [Partial<PromotionTexts>, string][] = [
      [{}, '/value'],
      [{ value: 'half' }, '/value'],
      [{ value: '5', uses_max: 'many' }, '/uses_max'],
      [{ value: '5', label: ' ' }, '/label'],
      [{ value: '5', priority: '1.5' }, '/priority'],
    ];
    for (const [wrong, pointer] of wrongs)
      assert.deepEqual(
        read(wrong).faults.map((fault) => fault.pointer),
        [pointer],
      );
    assert.equal(read({ buy_quantity: '' }, { ...choices, kind: 'buy_get' }).faults.length, 1);
  });

  it('stays as it is where its form is sent as it was opened', () => {
    const scope = { products: ['p'], groups: [], categories: ['Home'] };
    const kept: Promotion = {
      ...{ id: 'x', label: 'Autumn', kind: 'buy_get', target: 'lines', value: 0, currency: 'EUR', min_subtotal: 12.5 },
      ...{ scope, get_scope: { ...scope, products: ['q'] }, buy_quantity: 3, get_quantity: 2, get_percent: 50.5, sets_max: 4 },
      ...{ uses_max: 9, uses_per_customer: 1, starts_at: '2026-07-01T12:00:34.567Z', ends_at: null, combinable: false },
      ...{ priority: 7, automatic: true, active: true, used: 3, version: 5 },
    };
    const { body } = readTyped(promotionTexts(kept), (form) => promotionBody(form, kept, kept));
    assert.ok(isPromotionAsSent(kept, body));
    const { id: _id, kind: _kind, target: _target, active: _active, used: _used, version: _version, ...shown } = kept;
    assert.deepEqual(body, shown);
    assert.ok(!isPromotionAsSent(kept, { ...body, priority: 8 }));
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

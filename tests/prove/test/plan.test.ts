import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { chaosKinds, type GivenOptions, readOptions } from '../src/options.ts';
import { makePlan, type Plan, productCount } from '../src/plan.ts';
import { createRandom } from '../src/random.ts';
import { sabotages } from '../src/sabotage.ts';

const plain = { codes: 0, parcels: false, returns: false, provider: 'sandbox' } as const;
const order = { buyers: 20, seconds: 60, chaos: chaosKinds, world: 'distributed', ...plain } as const;
const planOf = (seed: string): Plan => makePlan(createRandom(seed), order);

describe('the plan of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(planOf('a'), planOf('a'));
    assert.notDeepEqual(planOf('a'), planOf('b'));
  });

  it('has every kind of fault, order and work in a minute', () => {
    const { orders, work, faults, disturbances } = planOf('1');
    const all = orders.flat();
    assert.ok(all.length > 200, `${all.length} orders`);
    for (const method of ['tok_visa', 'tok_declined', 'tok_timeout', 'tok_error_once', 'tok_slow', 'tok_insufficient_funds'])
      assert.ok(
        all.some((one) => one.payment_method === method),
        method,
      );
    assert.ok(
      all.some(({ keyed }) => !keyed) && all.some(({ twice }) => twice) && all.some(({ cancel_after_ms }) => cancel_after_ms !== undefined),
    );
    for (const { lines } of all) for (const { product } of lines) assert.ok(product >= 0 && product < productCount);
    for (const action of ['ship', 'complete', 'refund', 'adjust', 'cancel', 'archive', 'erase'])
      assert.ok(
        work.some((one) => one.action === action),
        action,
      );
    assert.ok(faults.length >= 15, `${faults.length} faults`);
    for (const windows of Object.values(disturbances)) assert.ok(windows.length > 3);
  });

  it('has rushes for the code, parcels, returns and pages when they are asked for, and is the same besides', () => {
    const before = planOf('1');
    const { orders, work, faults, disturbances } = makePlan(createRandom('1'), { ...order, codes: 5, parcels: true, returns: true });
    assert.deepEqual({ faults, disturbances }, { faults: before.faults, disturbances: before.disturbances });
    assert.deepEqual(
      orders.map((of) => of.filter(({ with_code }) => !with_code)),
      before.orders,
    );
    assert.deepEqual(
      work.filter(({ action }) => action !== 'parcel' && action !== 'return'),
      before.work,
    );
    const hot = orders.flat().filter(({ with_code }) => with_code);
    const moments = Map.groupBy(hot, ({ at_ms }) => at_ms);
    assert.ok(
      [...moments.values()].some((rush) => rush.length >= 8),
      'many want it at once',
    );
    assert.ok(
      hot.some(({ cancel_after_ms }) => cancel_after_ms !== undefined),
      'some give it back',
    );
    const sold = work.map(({ action }) => action);
    assert.ok(sold.includes('parcel') && sold.includes('return'));
    const paid = makePlan(createRandom('1'), { ...order, provider: 'stripe' }).orders.flat();
    assert.deepEqual(
      new Set(paid.map(({ payment_method }) => payment_method)),
      new Set(['pm_card_visa', 'pm_declined', 'pm_asks', 'stripe_checkout']),
    );
  });

  it('has no fault that was not asked for', () => {
    const { faults, disturbances } = makePlan(createRandom('1'), { ...order, chaos: ['kill', 'clock'] });
    assert.deepEqual([...new Set(faults.map(({ kind }) => kind))], ['kill']);
    assert.deepEqual([disturbances.messages, disturbances.provider], [[], []]);
    assert.notEqual(disturbances.clock.length, 0);
  });
});

describe('the options of souk prove', () => {
  const usual = { buyers: 50, stock: 50, seconds: 30, chaos: 'all' };
  const read = (given: Partial<GivenOptions> = {}) => readOptions({ ...usual, ...given }, { makeSeed: () => 'made', switches: false });
  const withToken = (given: Partial<GivenOptions>) => readOptions({ ...usual, ...given }, { makeSeed: () => 'made', switches: true });
  const wrong = { code: 'validation_failed' };

  it('have defaults, and take what is given', () => {
    assert.equal(read().seed, 'made');
    assert.equal(read().chaos.includes('broker'), false, 'a shop in one process has no broker to take away');
    const given = read({ world: 'distributed', buyers: 7, chaos: 'redis,kill', seed: 'x.1' });
    assert.deepEqual([given.buyers, given.chaos, given.seed, given.replicas], [7, ['kill', 'redis'], 'x.1', 2]);
    assert.deepEqual(read({ chaos: 'none' }).chaos, []);
    const { codes, parcels, returns, provider } = read();
    assert.deepEqual({ codes, parcels, returns, provider }, plain);
    const all = read({ codes: 9, parcels: true, returns: true, provider: 'stripe' });
    assert.deepEqual([all.codes, all.parcels, all.returns, all.provider], [9, true, true, 'stripe']);
  });

  it('of a running shop allow what its switches do, and nothing else', () => {
    assert.deepEqual(withToken({ attach: true }).chaos, ['switches']);
    assert.deepEqual(withToken({ attach: true, chaos: 'none' }).chaos, []);
    assert.deepEqual(read({ attach: true }).chaos, [], 'without CHAOS_TOKEN');
    const ofOwnShops: Partial<GivenOptions>[] = [
      { chaos: 'kill' },
      { world: 'embedded' },
      { replicas: 2 },
      { sabotage: 'no-guard' },
      { keep: true },
      { codes: 5 },
      { provider: 'stripe' },
    ];
    for (const given of ofOwnShops) assert.throws(() => withToken({ attach: true, ...given }), wrong, JSON.stringify(given));
    assert.throws(() => read({ attach: true, chaos: 'switches' }), /CHAOS_TOKEN/);
    assert.throws(() => withToken({ chaos: 'switches' }), /--attach/);
  });

  it('are refused with a sentence where they do not fit together', () => {
    for (const given of [{ chaos: 'gremlins' }, { chaos: 'broker' }, { replicas: 2 }, { seed: 'a b' }, { seed: '' }])
      assert.throws(() => read(given), wrong, JSON.stringify(given));
  });
});

describe('a sabotage', () => {
  const root = new URL('../../../', import.meta.url);

  it('meets its text in the sources, once', async () => {
    for (const { name, edits } of sabotages)
      for (const { file, from } of edits) {
        const source = await readFile(new URL(file, root), 'utf8');
        assert.equal(source.split(from).length, 2, `${name}: ${file} has not exactly one ${from}`);
      }
  });

  it('has a name of its own, and a cause that the judge can name', () => {
    assert.equal(new Set(sabotages.map(({ name }) => name)).size, sabotages.length);
    for (const { name, causes } of sabotages) assert.notEqual(causes.length, 0, name);
  });
});

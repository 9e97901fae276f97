import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manualClock } from '@souk/kernel';
import fc from 'fast-check';
import { createInstanceTable, type InstanceTable } from './instance-table.ts';
import { createResolver } from './resolver.ts';
import { parseStaticServices, staticInstances } from './static-services.ts';

function tableOf(health: readonly boolean[]): InstanceTable {
  const table = createInstanceTable();
  const urls = health.map((_, index) => `http://h${index}:80`).join(',');
  table.feed('static', staticInstances(parseStaticServices(`orders=${urls}`), '/health/ready'));
  table.of('orders').forEach((instance, index) => {
    table.note(instance, { healthy: health[index] === true, proven: true, checked_at: 1 });
  });
  return table;
}

describe('choosing an instance', () => {
  it('gives every healthy instance the same share, whatever others do', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 20 }), (health, rounds) => {
        fc.pre(health.includes(true));
        const resolver = createResolver({ table: tableOf(health), clock: manualClock() });
        const healthy = health.filter(Boolean).length;
        const picked = new Map<string, number>();
        for (let turn = 0; turn < healthy * rounds; turn += 1) {
          const host = resolver.pick('orders')?.host ?? 'none';
          picked.set(host, (picked.get(host) ?? 0) + 1);
        }
        assert.equal(picked.size, healthy);
        for (const count of picked.values()) assert.equal(count, rounds);
      }),
    );
  });

  it('leaves out what the caller has tried, and knows when nobody is left', () => {
    const resolver = createResolver({ table: tableOf([true, true]), clock: manualClock() });
    const first = resolver.pick('orders');
    const second = resolver.pick('orders', { exclude: [first?.instance_id ?? ''] });
    assert.notEqual(second?.host, first?.host);
    assert.equal(resolver.pick('orders', { exclude: [first?.instance_id ?? '', second?.instance_id ?? ''] }), undefined);
    assert.equal(resolver.pick('nobody'), undefined);
  });

  it('tries the one that failed longest ago when all are out', () => {
    const table = tableOf([true, true, true]);
    const resolver = createResolver({ table, clock: manualClock() });
    const [one, two, three] = table.of('orders');
    const refuses = (instance: typeof one, checked_at: number): void => {
      if (instance) table.note(instance, { healthy: false, proven: true, checked_at, error: 'status 503' });
    };
    for (const [index, instance] of [two, three, one].entries()) refuses(instance, index);
    assert.equal(resolver.pick('orders')?.host, two?.host);
    refuses(two, 3);
    assert.equal(resolver.pick('orders')?.host, three?.host);
  });

  it('offers none whose place another program may have taken since', () => {
    const table = tableOf([true, true]);
    const resolver = createResolver({ table, clock: manualClock() });
    for (const instance of table.of('orders')) resolver.markUnhealthy(instance, 'ECONNREFUSED');
    assert.equal(resolver.pick('orders'), undefined);
  });
});

describe('STATIC_SERVICES', () => {
  it('names services and their addresses', () => {
    assert.deepEqual(parseStaticServices(' orders=http://h1:8003, http://[::1]:8103/ ;users=dns://users:8001;'), [
      { name: 'orders', scheme: 'http', host: 'h1', port: 8003 },
      { name: 'orders', scheme: 'http', host: '::1', port: 8103 },
      { name: 'users', scheme: 'dns', host: 'users', port: 8001 },
    ]);
    assert.deepEqual(parseStaticServices(''), []);
  });

  for (const text of [
    'orders',
    'orders=',
    '=http://h:1',
    'Orders=http://h:1',
    'orders=https://h:1',
    'orders=http://h',
    'orders=http://h:0',
    'orders=http://h:65536',
    'orders=http://h:1/x',
    'orders=http://u@h:1',
    'orders=http://h:1;orders=http://h:2',
    'orders=http://-:1',
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => parseStaticServices(text), { code: 'static_services_invalid' }));
  }
});

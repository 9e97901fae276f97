import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countWorlds, worldOf, worldTable } from './world-report.ts';

async function* run(...events: [type: string, name: string, nesting: number, kind?: string][]) {
  for (const [type, name, nesting, kind = 'test'] of events) yield { type, data: { name, nesting, details: { type: kind } } };
}

describe('the report of both worlds', () => {
  it('reads the world from the name of a suite', () => {
    assert.deepEqual(worldOf('outages in the distributed world'), { suite: 'outages', world: 'distributed' });
    assert.deepEqual(worldOf('orders.checkout on RabbitMQ'), { suite: 'orders.checkout', world: 'distributed' });
    assert.deepEqual(worldOf('the memory registry is a registry'), { suite: 'registry', world: 'embedded' });
    assert.equal(worldOf('the plan of the distributed world: ports'), undefined);
  });

  it('counts tests, not suites, and tells which failed', async () => {
    const { worlds, passed, failed } = await countWorlds(
      run(
        ['test:start', 'outages in the embedded world', 0],
        ['test:pass', 'one', 1],
        ['test:pass', 'a nested suite', 1, 'suite'],
        ['test:fail', 'two', 2],
        ['test:fail', 'outages in the embedded world', 0, 'suite'],
        ['test:start', 'something else', 0],
        ['test:pass', 'something else', 0],
      ),
    );
    assert.deepEqual(worlds, [{ suite: 'outages', embedded: 1, distributed: 0, failed: 1 }]);
    assert.deepEqual([passed, failed], [2, 1]);
    assert.match(worldTable(worlds), /outages +1 +0 {2}1 failed/);
  });
});

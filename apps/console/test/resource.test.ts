import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createResource } from '../src/live/resource.ts';
import { withNewer } from '../src/live/rows.ts';

interface Versioned {
  version: number;
}

const now = (): number => 1_000;

describe('a resource', () => {
  it('keeps its value when it cannot be read again, and says of when it is', async () => {
    const answers: (number | Error)[] = [1, new Error('away'), 2];
    const resource = createResource({
      now,
      load: async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    assert.equal(resource.known.value.state, 'loading');
    await resource.renew();
    assert.deepEqual(resource.known.value, { value: 1, at_ms: 1_000, state: 'fresh', error: undefined });
    await resource.renew();
    assert.equal(resource.known.value.state, 'stale');
    assert.equal(resource.known.value.value, 1);
    await resource.renew();
    assert.deepEqual([resource.known.value.value, resource.known.value.state], [2, 'fresh']);
  });

  it('has failed when there was never a value', async () => {
    const resource = createResource({ now, load: () => Promise.reject(new Error('away')) });
    await resource.renew();
    assert.equal(resource.known.value.state, 'failed');
  });

  it('is read once more, not side by side, when it is asked for while it is being read', async () => {
    const gates: (() => void)[] = [];
    let atOnce = 0;
    let most = 0;
    const resource = createResource({
      now,
      load: async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise<void>((resolve) => gates.push(resolve));
        atOnce -= 1;
        return gates.length;
      },
    });
    const first = resource.renew();
    const others = [resource.renew(), resource.renew()];
    gates[0]?.();
    while (gates.length < 2) await Promise.resolve();
    gates[1]?.();
    await Promise.all([first, ...others]);
    assert.deepEqual([most, gates.length, resource.known.value.value], [1, 2, 2]);
  });

  it('never goes back to an older version', async () => {
    const resource = createResource<Versioned>({
      now,
      load: async () => ({ version: 2 }),
      isNewer: (known, read) => read.version >= known.version,
    });
    resource.put({ version: 3 });
    await resource.renew();
    assert.equal(resource.known.value.value?.version, 3);
    resource.put({ version: 4 });
    assert.equal(resource.known.value.value?.version, 4);
  });

  it('changes nothing after it was closed', async () => {
    const resource = createResource({ now, load: async () => 1 });
    resource.close();
    await resource.renew();
    assert.equal(resource.known.value.value, undefined);
  });
});

describe('rows that are shown', () => {
  it('stay where they are, and only a newer version takes the place of one', () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id, version: 2, text: 'shown' }));
    const read = [
      { id: 'c', version: 3, text: 'newer' },
      { id: 'a', version: 1, text: 'older' },
      { id: 'd', version: 9, text: 'of another page' },
    ];
    assert.deepEqual(
      withNewer(rows, read).map(({ id, text }) => `${id} ${text}`),
      ['a shown', 'b shown', 'c newer'],
    );
  });
});

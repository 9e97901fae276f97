import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPageMemory } from './page-memory.ts';

async function* bodyOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const chunk = fc
  .tuple(fc.oneof(fc.nat({ max: 40 }), fc.integer({ min: 60_000, max: 70_000 })), fc.nat({ max: 255 }))
  .map(([length, byte]) => new Uint8Array(length).fill(byte));

test('a page is what came, and stays so until the next but one is read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(chunk, { maxLength: 4 }), { maxLength: 6 }), async (pages) => {
      const memory = createPageMemory();
      let before: { page: Buffer; came: Buffer } | undefined;
      for (const chunks of pages) {
        const came = Buffer.concat(chunks);
        const page = await memory.fill(bodyOf(chunks));
        assert.ok(page.equals(came));
        assert.ok(before === undefined || before.page.equals(before.came));
        before = { page, came };
      }
    }),
    { numRuns: 50 },
  );
});

test('pages of one size take no memory but that of the first two', async () => {
  const memory = createPageMemory();
  const chunks = [new Uint8Array(100_000), new Uint8Array(100_000)];
  const taken = new Set<ArrayBufferLike>();
  for (let page = 0; page < 6; page += 1) taken.add((await memory.fill(bodyOf(chunks))).buffer);
  assert.equal(taken.size, 2);
  assert.equal((await memory.fill(null)).length, 0);
});

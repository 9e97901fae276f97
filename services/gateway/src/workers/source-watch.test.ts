import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Question } from '../domain/live.ts';
import { SourceWatch } from './source-watch.ts';

interface Part {
  lines: number[];
}

/** A source whose answers are held until the test lets them go, each with what was there when it was asked. */
function aSource() {
  const lines: number[] = [];
  const held: { question: Question; answer(): void }[] = [];
  const watch = new SourceWatch<Part>({
    read: async (questions) => {
      const parts = questions.map(({ after }) => ({ lines: lines.filter((line) => line > after) }));
      const { promise, resolve } = Promise.withResolvers<void>();
      held.push({ question: questions[0] as Question, answer: resolve });
      await promise;
      return parts;
    },
    keys_max: 1,
    sweep_ms: 3_600_000,
    since: (part, seen) => {
      const news = part.lines.filter((line) => line > seen);
      return { part: { lines: news }, seen: news.at(-1) ?? seen };
    },
    hasMore: () => false,
    now: () => performance.now(),
    watched: () => undefined,
  });
  const asked = async (count: number): Promise<void> => {
    while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { lines, held, watch, asked };
}

it('gives a watcher who joined while others were asking what it has not seen, also when it is old', async () => {
  const { lines, held, watch, asked } = aSource();
  const seen: Record<'early' | 'late', number[]> = { early: [], late: [] };
  const add = (name: 'early' | 'late') =>
    watch.add(
      { key: 'order', after: 0 },
      (part) => seen[name].push(...part.lines),
      (part) => seen[name].push(...(part?.lines ?? [])),
    );
  lines.push(1);
  const early = add('early');
  await asked(1);
  held[0]?.answer();
  const stop_early = await early;
  // The first read of the other is of this moment, and on its way for long.
  const late = add('late');
  await asked(2);
  lines.push(2);
  watch.changed('order');
  await asked(3);
  held[2]?.answer();
  lines.push(3);
  while (seen.early.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  watch.changed('order');
  await asked(4);
  held[1]?.answer();
  const stop_late = await late;
  held[3]?.answer();
  await asked(5);
  held[4]?.answer();
  while (seen.late.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(seen, { early: [1, 2, 3], late: [1, 2, 3] });
  stop_early();
  stop_late();
  assert.equal(watch.keys, 0);
});

it('asks for no more keys at a time than a few questions have, however many are watched', async () => {
  let largest = 0;
  let asking = 0;
  const watch = new SourceWatch<Part>({
    read: async (questions) => {
      asking += questions.length;
      largest = Math.max(largest, asking);
      await new Promise((resolve) => setImmediate(resolve));
      asking -= questions.length;
      return questions.map(() => ({ lines: [] }));
    },
    keys_max: 10,
    sweep_ms: 3_600_000,
    since: (part, seen) => ({ part, seen }),
    hasMore: () => false,
    now: () => performance.now(),
    watched: () => undefined,
  });
  for (let from = 0; from < 1_000; from += 40)
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        watch.add(
          { key: String(from + index), after: 0 },
          () => undefined,
          () => undefined,
        ),
      ),
    );
  largest = 0;
  watch.missed();
  while (asking > 0 || largest === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(largest <= 80, String(largest));
  watch.close();
});

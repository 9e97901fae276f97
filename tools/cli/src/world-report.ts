/**
 * A reporter of node:test that counts what ran in which world: the journeys, the conformance suites, and the consumers
 * behind each broker carry their world in the name of their suite. Its output is JSON for `souk test`, which prints a table.
 */

/** Tests of one suite: passed in each world, failed in either. */
export interface WorldCounts {
  suite: string;
  embedded: number;
  distributed: number;
  failed: number;
}

export interface RunReport {
  worlds: WorldCounts[];
  passed: number;
  failed: number;
}

interface TestEvent {
  type: string;
  data: { name?: string; nesting?: number; details?: { type?: string } };
}

type World = 'embedded' | 'distributed';

/** How the two worlds appear in the names of suites; what is left of the name is the suite. */
const worldsInNames: readonly { words: RegExp; world: World }[] = [
  { words: / in the embedded world$/, world: 'embedded' },
  { words: / in the distributed world$/, world: 'distributed' },
  { words: / on the embedded broker$/, world: 'embedded' },
  { words: / on RabbitMQ$/, world: 'distributed' },
  { words: /^the embedded broker keeps the promises of a /, world: 'embedded' },
  { words: /^RabbitMQ keeps the promises of a /, world: 'distributed' },
  { words: /^the memory (registry|tier) is a /, world: 'embedded' },
  { words: /^the Redis (registry|tier) is a /, world: 'distributed' },
];

/** The suite without its world; undefined for what belongs to neither. */
export function worldOf(name: string): { suite: string; world: World } | undefined {
  const found = worldsInNames.find(({ words }) => words.test(name));
  return found && { suite: name.replace(found.words, '').trim(), world: found.world };
}

/** Counts from the events of a run. */
export async function countWorlds(events: AsyncIterable<TestEvent>): Promise<RunReport> {
  let [passed, failed] = [0, 0];
  const counts = new Map<string, WorldCounts>();
  let top = '';
  for await (const { type, data } of events) {
    if (type === 'test:start' && data.nesting === 0) top = data.name ?? '';
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    if (type === 'test:pass') passed += 1;
    else failed += 1;
    if (data.nesting === 0) continue;
    const found = worldOf(top);
    if (!found) continue;
    const one = counts.get(found.suite) ?? { suite: found.suite, embedded: 0, distributed: 0, failed: 0 };
    counts.set(found.suite, one);
    if (type === 'test:pass') one[found.world] += 1;
    else one.failed += 1;
  }
  return { worlds: [...counts.values()], passed, failed };
}

/** As a table for people, with the suites of one kind together. */
export function worldTable(counts: readonly WorldCounts[]): string {
  const sorted = [...counts].sort((one, other) => one.suite.localeCompare(other.suite));
  const width = Math.max(...sorted.map(({ suite }) => suite.length), 'passed, by suite'.length);
  const line = (suite: string, embedded: string | number, distributed: string | number, note = ''): string =>
    `${suite.padEnd(width)}  ${String(embedded).padStart(8)}  ${String(distributed).padStart(11)}${note}`;
  const sum = (world: World): number => sorted.reduce((total, one) => total + one[world], 0);
  return [
    line('passed, by suite', 'embedded', 'distributed'),
    ...sorted.map(({ suite, embedded, distributed, failed }) => line(suite, embedded, distributed, failed > 0 ? `  ${failed} failed` : '')),
    line('all of these', sum('embedded'), sum('distributed')),
  ].join('\n');
}

async function* reportWorlds(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  yield JSON.stringify(await countWorlds(events));
}

// biome-ignore lint/style/noDefaultExport: node:test takes a reporter's default export.
export { reportWorlds as default };

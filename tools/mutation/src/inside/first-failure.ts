/** A reporter of node:test that ends the process at the first failure, with its name: the mutant is killed, and the rest need not run. */
import type { TestEvent } from 'node:test/reporters';

async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:fail' || event.data.todo !== undefined) continue;
    process.stdout.write(`${event.data.name}\n`);
    process.exit(1);
  }
  yield '';
}

// biome-ignore lint/style/noDefaultExport: node:test takes a reporter's default export.
export { firstFailure as default };

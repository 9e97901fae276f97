/**
 * Stands in for `node:test` where tests of pure decisions run many times in one process: node:test can run only once in
 * each. It knows what those tests use, cases and groups of them, and nothing else.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** What a case may ask of the runner. */
interface Context {
  diagnostic(line: string): void;
}

type Body = (context: Context) => unknown;

interface Case {
  name: string;
  body: Body;
}

const context: Context = { diagnostic: () => undefined };
const gathering = new AsyncLocalStorage<Case[]>();

/** Registers a case; it runs when all files are loaded. */
export function test(name: string, body: Body): void {
  if (typeof body !== 'function') throw new Error(`"${name}" needs more of node:test than a case and its context`);
  const cases = gathering.getStore();
  if (cases === undefined) throw new Error(`"${name}" is registered outside of a run`);
  cases.push({ name, body });
}

/** Registers the cases of a group. */
export function describe(_name: string, body: () => void): void {
  body();
}

/** Loads the files and runs their cases in order; answers the name of the first one that fails, undefined when all pass. */
export async function firstFailure(load: () => Promise<void>): Promise<string | undefined> {
  const cases: Case[] = [];
  try {
    await gathering.run(cases, load);
  } catch (error) {
    return `the tests do not load: ${(error as Error).message}`;
  }
  if (cases.length === 0) return 'there are no cases';
  for (const { name, body } of cases) {
    try {
      await body(context);
    } catch {
      return name;
    }
  }
  return undefined;
}

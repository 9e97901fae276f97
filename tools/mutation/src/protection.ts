/** A protection in a store, a use case or the messaging, and what it is without it. */
import type { Mutant } from './mutant.ts';

export interface Protection {
  name: string;
  /** From the root of the repository. */
  file: string;
  /** It must be in the file exactly once. */
  from: string;
  to: string;
  /** The tests that have to notice, run one after the other until one does. */
  tests: readonly string[];
  protects: string;
}

export function protectionMutant({ name, file, from, to, tests }: Protection): Mutant {
  return { kind: 'protection', name, edit: { file, from, to }, stages: tests.map((test) => [test]) };
}

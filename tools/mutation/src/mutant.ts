/** A mutant: one change of one source file, and the tests that have to notice it. */
import type { SourceEdit } from './source-edits.ts';

export interface Mutant {
  kind: 'decision' | 'protection';
  /** The same as long as the source says the same: survivors are listed by it. */
  name: string;
  edit: SourceEdit;
  /** What is run one after the other until one fails: files that share a process. */
  stages: readonly (readonly string[])[];
}

/** What is wrong with members of a form, by JSON pointer: as it is found before it is sent, and as the shop answers. */
import { apiLanguage } from '../words/api-language.ts';
import type { CommandState } from './command.ts';
import { RefusedError } from './transport.ts';

export interface Fault {
  readonly pointer: string;
  readonly detail: string;
  /** Of the detail, where it is not that of the page. */
  readonly language?: string;
}

export function faultsOf(progress: CommandState<unknown>): readonly Fault[] {
  if (progress.state !== 'refused' || !(progress.error instanceof RefusedError)) return [];
  return (progress.error.problem.errors ?? []).map((fault) => ({ ...fault, language: apiLanguage }));
}

/** What is wrong with a member or with something inside it; undefined where nothing is. */
export function faultAt(faults: readonly Fault[], pointer: string): Omit<Fault, 'pointer'> | undefined {
  const [first, ...others] = faults.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`));
  return first && { ...first, detail: [first, ...others].map(({ detail }) => detail).join('; ') };
}

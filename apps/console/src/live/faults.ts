/** What is wrong with members of a form, by JSON pointer: as it is found before it is sent, and as the shop answers. */
import type { CommandState } from './command.ts';
import { RefusedError } from './transport.ts';

export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

export function faultsOf(progress: CommandState<unknown>): readonly Fault[] {
  if (progress.state !== 'refused' || !(progress.error instanceof RefusedError)) return [];
  return progress.error.problem.errors ?? [];
}

/** What is wrong with a member or with something inside it; undefined where nothing is. */
export function faultAt(faults: readonly Fault[], pointer: string): string | undefined {
  const found = faults.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`));
  return found.length === 0 ? undefined : found.map(({ detail }) => detail).join('; ');
}

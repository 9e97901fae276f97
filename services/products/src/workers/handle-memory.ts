import type { HandleMemory, SharedCells } from '../domain/import-handles.ts';

/** Characters kept in all; rows of one handle usually follow each other, so what was not asked for longest goes first. */
const charactersMax = 20_000_000;
const overhead = 400;

/** A memory with a limit; what it forgot is as if it had never been there, and a row that needs it is refused. */
export function createHandleMemory(characters_max = charactersMax): HandleMemory {
  const kept = new Map<string, SharedCells>();
  let characters = 0;
  const sizeOf = (handle: string, shared: SharedCells): number =>
    overhead + handle.length + shared.title.length + (shared.description?.length ?? 0) + shared.image.length;
  const forget = (handle: string): void => {
    const shared = kept.get(handle);
    if (shared === undefined) return;
    characters -= sizeOf(handle, shared);
    kept.delete(handle);
  };
  return {
    recall: (handle) => kept.get(handle),
    keep(handle, shared) {
      forget(handle);
      kept.set(handle, shared);
      characters += sizeOf(handle, shared);
      for (const oldest of kept.keys()) {
        if (characters <= characters_max || oldest === handle) break;
        forget(oldest);
      }
    },
  };
}

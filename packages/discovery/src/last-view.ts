/** Keeps the last view of the registry in a file, so that a gateway that restarts knows its services at once. */
import { readFile } from 'node:fs/promises';
import { createSingleFlight, type Log } from '@souk/kernel';
import { replaceFile } from '@souk/kernel/files';
import { checkRegistration, type Registration } from './instance.ts';
import type { Registry, RegistryView } from './registry.ts';

/** The registrations in the file; none when there is no file or it cannot be used (which is logged). */
export async function loadLastView(file: string, log: Log): Promise<Registration[]> {
  try {
    const view: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!Array.isArray(view)) throw new TypeError('the last view is not a list');
    return view.map((registration) => checkRegistration(registration as Registration));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn({ err: error, file }, 'the last view of the registry cannot be used');
    return [];
  }
}

/** Writes each new view, whole or not at all (a new file put in the place of the old). The end of it waits for the last write. */
export function keepLastView(options: { registry: Registry; file: string; log: Log }): () => Promise<void> {
  const { registry, file, log } = options;
  let next: RegistryView | undefined;
  const writing = createSingleFlight(async () => {
    while (next) {
      const view = next;
      next = undefined;
      try {
        await replaceFile(file, JSON.stringify(view.instances));
      } catch (error) {
        log.warn({ err: error, file }, 'the view of the registry could not be written');
      }
    }
  });
  const unwatch = registry.watch((view) => {
    // The first view of an empty registry would wipe out what the file is kept for.
    if (view.version === 0) return;
    next = view;
    void writing.again();
  });
  return async () => {
    unwatch();
    await writing.current();
  };
}

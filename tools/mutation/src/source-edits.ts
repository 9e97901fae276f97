/** Sources changed as they are loaded: what a file of the repository says is replaced before Node sees it, and nothing on the disk changes. */
import { registerHooks } from 'node:module';

/** A text in a source file and what stands there instead. */
export interface SourceEdit {
  /** From the root of the repository. */
  file: string;
  /** It must be in the file exactly once. */
  from: string;
  to: string;
}

/** The source with the edit; throws when what is to be replaced is not there exactly once, so that a changed source is noticed. */
export function edited(source: string, { file, from, to }: SourceEdit): string {
  if (source.split(from).length !== 2) throw new Error(`${file} has changed; what is to be replaced there is not there once: ${from}`);
  return source.replace(from, () => to);
}

/** From now on this process loads these files with the edits. */
export function editSources(edits: readonly SourceEdit[]): void {
  registerHooks({
    load(url, context, nextLoad) {
      const wanted = edits.filter(({ file }) => url.endsWith(`/${file}`));
      const loaded = nextLoad(url, context);
      if (wanted.length === 0) return loaded;
      return { ...loaded, source: wanted.reduce(edited, String(loaded.source)) };
    },
  });
}

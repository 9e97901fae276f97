/**
 * A process that runs tests of pure decisions again and again, each time with another mutant: what is in the folders of
 * decisions is loaded anew each time, all else once. That takes some 50 ms, a process of its own half a second.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isPureFile } from '../pure-files.ts';
import { rootFolder } from '../run-stage.ts';
import { edited, type SourceEdit } from '../source-edits.ts';
import { firstFailure } from './plain-test.ts';

/** What the process is asked. */
export interface Question {
  files: readonly string[];
  edit: SourceEdit | undefined;
}

export interface Answer {
  /** The case that failed, undefined when all passed. */
  failed: string | undefined;
  /** Absolute paths of the files of decisions that were loaded. */
  loaded: readonly string[];
}

const plainTest = new URL('./plain-test.ts', import.meta.url).href;

/** Answers questions until the process that asks is gone. */
function serve(): void {
  /** JavaScript by path. */
  const stripped = new Map<string, string>();
  const run = { number: 0, edit: undefined as SourceEdit | undefined, loaded: [] as string[] };

  const sourceOf = (path: string): string => {
    const { edit } = run;
    const isEdited = edit !== undefined && path === join(rootFolder, edit.file).replaceAll('\\', '/');
    if (isEdited) return stripTypeScriptTypes(edited(readFileSync(path, 'utf8'), edit));
    const source = stripped.get(path) ?? stripTypeScriptTypes(readFileSync(path, 'utf8'));
    stripped.set(path, source);
    return source;
  };
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (specifier === 'node:test' && isPureFile(context.parentURL ?? ''))
        return { ...resolved, url: plainTest, format: 'module-typescript' };
      return isPureFile(resolved.url) ? { ...resolved, url: `${resolved.url}?run=${run.number}` } : resolved;
    },
    load(url, context, nextLoad) {
      const [address = ''] = url.split('?');
      if (!isPureFile(address)) return nextLoad(url, context);
      const path = fileURLToPath(address).replaceAll('\\', '/');
      run.loaded.push(path);
      return { format: 'module', source: sourceOf(path), shortCircuit: true };
    },
  });
  process.on('message', ({ files, edit }: Question) => {
    run.number += 1;
    run.edit = edit;
    run.loaded = [];
    const load = async (): Promise<void> => {
      for (const file of files) await import(`${pathToFileURL(join(rootFolder, file)).href}?run=${run.number}`);
    };
    void firstFailure(load).then((failed) => process.send?.({ failed, loaded: run.loaded } satisfies Answer));
  });
  process.on('disconnect', () => process.exit(0));
}

serve();

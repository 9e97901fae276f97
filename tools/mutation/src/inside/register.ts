/** Loaded into a process that runs tests, by `--import`: applies a mutant, and writes down which files the tests have loaded. */
import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { editSources, type SourceEdit } from '../source-edits.ts';

const { SOUK_MUTANT: mutant, SOUK_MUTATION_LOADED: list } = process.env;

if (mutant !== undefined) editSources([JSON.parse(readFileSync(mutant, 'utf8')) as SourceEdit]);
if (list !== undefined) {
  const loaded = new Set<string>();
  registerHooks({
    load(url, context, nextLoad) {
      if (url.startsWith('file:') && !url.includes('/node_modules/')) loaded.add(fileURLToPath(url).replaceAll('\\', '/'));
      return nextLoad(url, context);
    },
  });
  process.on('exit', () => writeFileSync(list, JSON.stringify([...loaded])));
}

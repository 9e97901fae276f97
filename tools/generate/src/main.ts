/** `npm run generate`: writes every document that is derived from the code; with `--check` it only says which are stale. */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { documents } from './documents.ts';
import { staleDocuments, writeDocuments } from './write-documents.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean', default: false } } });
  const wanted = documents();
  const { stale, left_over } = await staleDocuments(root, wanted);
  if (values.check) {
    for (const path of stale) console.error(`stale: ${path}`);
    for (const path of left_over)
      console.error(`left over: ${path} (nothing declares it any more; delete it once no queue holds such events)`);
    if (stale.length + left_over.length === 0) console.log(`${wanted.length} documents are up to date.`);
    else console.error('Run npm run generate and commit what it writes.');
    return stale.length + left_over.length === 0 ? 0 : 1;
  }
  await writeDocuments(
    root,
    wanted.filter((document) => stale.includes(document.path)),
  );
  for (const path of stale) console.log(`written: ${path}`);
  for (const path of left_over) console.log(`left over: ${path} (nothing declares it any more; delete it once no queue holds such events)`);
  console.log(`${wanted.length} documents, ${stale.length} written.`);
  return 0;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(`souk generate: ${error instanceof Error ? error.message : String(error)}`);
  const isUsage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  process.exitCode = isUsage ? 64 : 1;
}

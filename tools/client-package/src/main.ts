/** `souk build-client`: the client as others install it. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPackage } from './build-package.ts';

const place = fileURLToPath(new URL('../../../packages/client/dist', import.meta.url));

try {
  const { values } = parseArgs({ args: process.argv.slice(2), options: { folder: { type: 'string', default: place } } });
  const folder = resolve(values.folder);
  await buildPackage(folder);
  console.log(`Built ${folder}. Install it with: npm install ${folder}`);
} catch (error) {
  console.error(`souk build-client: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

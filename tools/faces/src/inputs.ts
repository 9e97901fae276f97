/** What a build is made of: the same inputs, the same folder. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { browserRoutes } from './browser-routes.ts';

const folders = ['apps/console/src', 'apps/console/styles', 'packages/ui/src', 'packages/ui/styles', 'tools/faces/src'];
/** Versions of the packages that are built in. */
const files = ['package-lock.json'];
const hashCharacters = 16;

/** The hash of everything that a build of the sources in `root` reads. Throws where they cannot be read. */
export function hashInputs(root: string): string {
  const hash = createHash('sha256').update(browserRoutes());
  for (const path of [...folders.flatMap((folder) => filesIn(root, folder)), ...files])
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex').slice(0, hashCharacters);
}

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesIn(root, path);
      return entry.name.includes('.test.') ? [] : [path];
    });
}

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../src/planted.ts';

interface LockedPackage {
  link?: boolean;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** What packages ask for and the lock does not name: npm would look it up at each install, and change the lock. */
function missingFrom(packages: Readonly<Record<string, LockedPackage>>): string[] {
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  return Object.values(packages).flatMap(({ dependencies, optionalDependencies }) =>
    Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !names.has(name)),
  );
}

test('package-lock.json names the packages of every machine, not only of the one it was made on', async () => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> };
  assert.deepEqual(missingFrom(packages), [], 'run "npm install" where the registry has them, and commit the lock file');
  const unsigned = Object.entries(packages).filter(([path, { link, integrity }]) => path.includes('node_modules/') && !link && !integrity);
  assert.deepEqual(unsigned, [], 'every package has its hash');
});

test('a lock that misses a package of another machine is refused', () => {
  const packages = {
    'node_modules/tool': { optionalDependencies: { 'tool-mac': '1.0.0', 'tool-linux': '1.0.0' } },
    'node_modules/tool-linux': {},
  };
  assert.deepEqual(missingFrom(packages), ['tool-mac']);
});

// Loaded into every process of Souk by NODE_OPTIONS: what Souk's own files import of its dependencies comes from the bundle that
// SOUK_BUNDLE names. Without a bundle, and in a Node that cannot, everything is imported from node_modules as usual. Souk's own files
// are found by their names alone: asking the file system for links and package.json at each import was a fifth of a start.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** `@scope/name` or `name` of what is imported. */
export function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** A resolve hook for this bundle; what has no file in it is imported as it is. */
export function bundledImports(folder, { packages, files }) {
  const bundled = new Set(packages);
  const resolved = new Map(
    Object.entries(files).map(([specifier, file]) => [
      specifier,
      file && { url: pathToFileURL(join(folder, file)).href, format: 'module', shortCircuit: true },
    ]),
  );
  return (specifier, context, next) => {
    // A dependency of a dependency may be another version.
    if (context.parentURL?.includes('/node_modules/')) return next(specifier, context);
    const found = resolved.get(specifier);
    if (found) return found;
    if (found === null || !bundled.has(packageOf(specifier))) return next(specifier, context);
    // A second copy of the package beside the one in the bundle would have a state of its own. The next command makes a new bundle.
    rmSync(join(folder, 'index.json'), { force: true });
    throw new Error(
      `${specifier} was not imported anywhere when the dependencies were bundled. Run the command again: they are bundled anew.`,
    );
  };
}

/**
 * A resolve hook for Souk's own sources. Every package of them is an ES module and no file of them is a link, so that `./name.ts` is
 * where it says; what it says of `@souk/name` once holds for every file that imports it. What is not there is left to Node, which
 * says so.
 */
export function ownImports() {
  const packages = new Map();
  return (specifier, context, next) => {
    const { parentURL } = context;
    if (!parentURL?.endsWith('.ts') || parentURL.includes('/node_modules/')) return next(specifier, context);
    if (specifier.startsWith('.') && specifier.endsWith('.ts')) {
      const url = new URL(specifier, parentURL);
      if (existsSync(fileURLToPath(url))) return { url: url.href, format: 'module-typescript', shortCircuit: true };
    }
    if (!specifier.startsWith('@souk/')) return next(specifier, context);
    const found = packages.get(specifier) ?? { ...next(specifier, context), shortCircuit: true };
    packages.set(specifier, found);
    return found;
  };
}

function readIndex(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

const folder = process.env.SOUK_BUNDLE;
const index = folder === undefined ? undefined : readIndex(folder);
module.registerHooks?.({ resolve: ownImports() });
if (index !== undefined) module.registerHooks?.({ resolve: bundledImports(folder, index) });

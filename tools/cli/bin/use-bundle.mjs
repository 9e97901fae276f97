// Sees that the dependencies are bundled (bundle.mjs), and lets this process and its children import them from there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bundler = fileURLToPath(new URL('./bundle.mjs', import.meta.url));
const imports = new URL('./bundled-imports.mjs', import.meta.url).href;
const bundle_timeout_ms = 60_000;

/** Where the bundle of these packages is: another lock file, bundler or Node has another. */
function bundleFolder(root, node) {
  const parts = [join(root, 'package-lock.json'), bundler, fileURLToPath(imports)].map((file) => readFileSync(file));
  const hash = createHash('sha256');
  for (const part of [...parts, node]) hash.update(part).update('\0');
  return join(root, 'node_modules', '.cache', 'dependencies', hash.digest('hex').slice(0, 16));
}

/** Without a bundle everything works as well, only slower: a folder that cannot be written is no reason to refuse. */
export async function useBundle(root, node) {
  const folder = bundleFolder(root, node);
  if (!existsSync(join(folder, 'index.json'))) makeBundle(root, folder, node);
  process.env.SOUK_BUNDLE = folder;
  const others = (process.env.NODE_OPTIONS ?? '').split(' ').filter((option) => option !== '' && !option.endsWith('/bundled-imports.mjs'));
  process.env.NODE_OPTIONS = [...others, `--import=${imports}`].join(' ');
  // NODE_OPTIONS are read at the start of a process; this one may be the one that goes on.
  await import(imports);
}

function makeBundle(root, folder, node) {
  try {
    accessSync(join(root, 'node_modules'), constants.W_OK);
  } catch {
    return;
  }
  const { NODE_OPTIONS: _options, SOUK_BUNDLE: _bundle, ...env } = process.env;
  spawnSync(node, [bundler, root, folder], { env, stdio: 'ignore', timeout: bundle_timeout_ms });
}

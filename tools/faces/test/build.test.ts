/** What is built for browsers: how large it is, that it is built once, and that a shop does without. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildFaces, loadedWith, type Manifest } from '../src/index.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const kB = 1_024;
const firstMax = 45 * kB;
const furtherMax = 15 * kB;
const styleMax = 14 * kB;

describe('what is built for browsers', () => {
  let place: string;
  let folder: string;
  let manifest: Manifest;
  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'souk-faces-'));
    const build = buildFaces({ root, cache: join(place, 'cache') });
    assert.deepEqual(await build.done, { built: true });
    folder = build.folder;
    manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  });
  after(() => rm(place, { recursive: true, force: true }));

  const bytesOf = (names: Iterable<string>): number =>
    [...names].reduce((sum, name) => sum + (manifest.files[name]?.gzip_bytes || manifest.files[name]?.bytes || 0), 0);

  it('is small: the first screen, each further one, the style', () => {
    const { script, style, words } = manifest.console;
    const always = new Set(loadedWith(manifest.files, script));
    const screens = (manifest.files[script]?.later ?? []).filter((name) => !words.includes(name));
    assert.equal(words.length, 3, 'languages');
    assert.ok(screens.length >= 6, `screens of their own: ${screens.join(', ')}`);
    assert.equal(manifest.console.screens.length, screens.length);
    assert.ok(manifest.console.screens.includes('dead-letters'));
    const beside = (file: string): number => bytesOf(loadedWith(manifest.files, file).filter((name) => !always.has(name)));
    const [ofScreen, ofWords] = [screens.map(beside), words.map(beside)];
    assert.ok(bytesOf(always) > 10 * kB, 'all of it was counted');
    const first = bytesOf(always) + Math.max(...ofWords) + Math.max(...ofScreen);
    assert.ok(first <= firstMax, `${bytesOf(always)}, words ${ofWords.join(', ')} and screens ${ofScreen.join(', ')} bytes`);
    assert.ok(Math.max(...ofScreen) <= furtherMax, `${ofScreen.join(', ')} bytes`);
    assert.ok(bytesOf([style]) <= styleMax, `${bytesOf([style])} bytes of style`);
  });

  it('leaves the schemas of the contracts behind, and each form holds the same', async () => {
    for (const name of Object.keys(manifest.files)) {
      const body = await readFile(join(folder, name));
      assert.doesNotMatch(body.toString('latin1'), /typebox|~kind/i, name);
      if (manifest.files[name]?.gzip_bytes === 0) continue;
      assert.deepEqual(gunzipSync(await readFile(join(folder, `${name}.gz`))), body, name);
      assert.deepEqual(brotliDecompressSync(await readFile(join(folder, `${name}.br`))), body, name);
    }
  });

  it('is there at once when nothing has changed', async () => {
    const again = buildFaces({ root, cache: join(place, 'cache') });
    assert.deepEqual([again.folder, await again.done], [folder, { built: false }]);
  });

  it('is another one when a source has changed; what cannot be built says why', async () => {
    const copy = join(place, 'copy');
    for (const part of ['apps/console/src', 'apps/console/styles', 'packages/ui/src', 'packages/ui/styles', 'tools/faces/src'])
      await cp(join(root, part), join(copy, part), { recursive: true });
    for (const file of ['package-lock.json', 'tsconfig.json', 'apps/console/tsconfig.json']) await cp(join(root, file), join(copy, file));
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const cache = join(place, 'copies');
    await mkdir(cache);
    await writeFile(join(copy, 'apps/console/src/main.tsx'), "import { Order } from '@souk/contracts';\nconsole.log(Order);\n");
    const broken = buildFaces({ root: copy, cache });
    const { problem } = await broken.done;
    assert.notEqual(broken.folder, folder);
    assert.match(problem ?? '', /No matching export .*"Order"/);
    assert.match(await readFile(join(broken.folder, 'problem.json'), 'utf8'), /"Order/);
    assert.deepEqual(await readdir(broken.folder), ['problem.json']);
    const missing = await buildFaces({ root: join(place, 'nowhere'), cache }).done;
    assert.match(missing.problem ?? '', /ENOENT/);
  });
});

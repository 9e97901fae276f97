/**
 * Contracts and client run in a browser: bundled for one, they need nothing of Node and no server library, directly or through
 * what they import. The rule about direct imports does not see that.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const client_bytes_max = 11_000;

async function bundled(contents: string, minify = false): Promise<{ inputs: string[]; text: string }> {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    minify,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    absWorkingDir: root,
    logLevel: 'silent',
  });
  return { inputs: Object.keys(metafile.inputs), text: outputFiles[0]?.text ?? '' };
}

const all = {
  contracts: `import * as all from '@souk/contracts'; globalThis.all = all;`,
  client: `import * as all from '@souk/client'; globalThis.all = all;`,
};

for (const [name, contents] of Object.entries(all)) {
  test(`${name} bundles for a browser, without server libraries`, async () => {
    const { inputs } = await bundled(contents);
    assert.ok(
      inputs.some((input) => input.includes(`packages/${name}/`)),
      inputs.join('\n'),
    );
    assert.deepEqual(
      inputs.filter((input) => /node_modules\/(undici|pg|amqplib|fastify|pino)\//.test(input)),
      [],
    );
  });
}

test('the client is small, and its own files are all there is in it', async () => {
  const { inputs, text } = await bundled(`export * from '@souk/client';`, true);
  const others = inputs.filter((input) => !input.startsWith('packages/client/src/') && input !== '<stdin>');
  assert.deepEqual(others, []);
  const bytes = gzipSync(text, { level: 9 }).length;
  assert.ok(bytes <= client_bytes_max, `${bytes} bytes minified and compressed, at most ${client_bytes_max}`);
});

test('ids made by the code for browsers are those that Node makes', async () => {
  const { text } = await bundled(`export { derivedUuid, systemIds, unsampledTraceparent, isTraceparent } from '@souk/kernel';`);
  const inBrowser = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as typeof import('@souk/kernel');
  const { derivedUuid } = await import('@souk/kernel');
  assert.equal(inBrowser.derivedUuid('payment', 'ünï'), derivedUuid('payment', 'ünï'));
  const [first, second] = [inBrowser.systemIds.uuid(), inBrowser.systemIds.uuid()];
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(first, second);
  assert.ok(Math.abs(Number.parseInt(first.replace('-', '').slice(0, 12), 16) - Date.now()) < 60_000);
  assert.match(inBrowser.systemIds.secret(32), /^[A-Za-z0-9_-]{43}$/);
  assert.ok(inBrowser.isTraceparent(inBrowser.unsampledTraceparent()));
});

test('what needs Node is refused', async () => {
  await assert.rejects(bundled(`import '@souk/kernel/ports';`), /node:net/);
});

/** The built client, used as a stranger uses it: installed into an empty project, compiled against its types, run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildPackage } from '../src/build-package.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let project: string;
let installed: string;

before(async () => {
  project = await mkdtemp(join(tmpdir(), 'souk-consumer-'));
  installed = join(project, 'node_modules/@souk/client');
  await buildPackage(installed);
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
});
after(() => rm(project, { recursive: true, force: true }));

const lib = ['es2025', 'esnext.disposable', 'esnext.typedarrays'];
const strict = { module: 'nodenext', target: 'es2022', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true };

/** What the compiler says about the sources, in a folder in which their imports are found. */
async function compiled(folder: string, sources: Record<string, string>, options: object): Promise<string> {
  for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text);
  const settings = { compilerOptions: { ...strict, ...options }, files: Object.keys(sources) };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/.bin/tsc'), '-p', join(folder, 'tsconfig.json')], {
    encoding: 'utf8',
  });
  return stdout;
}

/** The code of a page, in the order in which it stands there, as one module that knows what the page assumes. */
async function examples(page: string, assumed: string): Promise<string> {
  const text = await readFile(join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^```ts[^\n]*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  assert.ok(blocks.length > 0, `${page} has no examples`);
  return `${assumed}\n${blocks.join('\n')}`;
}

const ownProgram = `
import { createClient, isProblem, type Order, type Problem, TransportError } from '@souk/client';
const client = createClient({ base_url: 'http://127.0.0.1:1', onDeprecation: ({ operation, sunset }) => void [operation, sunset?.getTime()] });
const page = await client.orders.list({ status: 'confirmed' }).page();
const [order]: Order[] = page.items;
const answer = await client.call('cancelOrder', { params: { order_id: 'x' }, body: {} });
if (answer.ok) answer.body.status satisfies Order['status'];
else if (answer.code === 'order_not_cancellable') answer.error.problem satisfies Partial<Problem>;
for await (const { to } of client.orders.watch('x', { after: 3, signal: AbortSignal.timeout(10) })) to satisfies Order['status'];
try {
  await client.inventory.adjust('x', { quantity_change: 1, reason: 'counted' }, { idempotency_key: 'k' });
} catch (error) {
  if (isProblem(error, 'adjustStock') && error.code === 'stock_mismatch') console.log(error.retry_after_s);
  if (error instanceof TransportError) console.log(error.idempotency_key);
}
console.log(order?.order_number);
`;

/** Each a line that must not compile. */
const wrongLines = [
  "await client.call('stealOrder');",
  'await client.orders.place({ items: [] });',
  "await client.products.list({ colour: 'red' }).page();",
  'await client.orders.get();',
  "await client.call('getOrder');",
  "(await client.call('getMe')).body.username;",
  "(await client.call('getMe')).error?.code satisfies 'sku_taken' | undefined;",
];

test('a project compiles against the types, for a browser and for Node, with the examples of the README', async () => {
  const assumed = `import type { Operations } from '@souk/client';\ndeclare const password: string;\ndeclare const wanted: Operations['placeOrder']['body'];`;
  const sources = { 'own.ts': ownProgram, 'readme.ts': await examples('packages/client/README.md', assumed) };
  const browser = { lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.iterator'], types: [] };
  assert.equal(await compiled(project, sources, browser), '');
  const head = "import { createClient } from '@souk/client'; const client = createClient();";
  const refused = await compiled(project, { 'wrong.ts': [head, ...wrongLines].join('\n') }, browser);
  const lines = [...refused.matchAll(/^\S*wrong\.ts\((\d+),/gm)].map(([, line]) => Number(line));
  assert.deepEqual(
    [...new Set(lines)],
    wrongLines.map((_line, index) => index + 2),
    refused,
  );
  await mkdir(join(project, 'node_modules/@types'));
  for (const name of ['@types/node', 'undici-types']) await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name));
  assert.equal(await compiled(project, sources, { lib, types: ['node'], skipLibCheck: true }), '');
});

/** Equal in names, in what may be missing and in types, all the way down. */
const alike = `
export type Alike<A, B> = [A] extends [B] ? ([B] extends [A] ? Members<A, B> : false) : false;
type Members<A, B> = [A, B] extends [readonly (infer X)[], readonly (infer Y)[]]
  ? Alike<X, Y>
  : [A, B] extends [object, object]
    ? [keyof A, keyof B] extends [keyof B, keyof A]
      ? false extends { [K in keyof A]-?: K extends keyof B ? Alike<Exclude<A[K], null | undefined>, Exclude<B[K], null | undefined>> : false }[keyof A] ? false : true
      : false
    : true;
`;

test('the types of the package are those of the contracts, operation by operation', async () => {
  const workshop = await mkdtemp(join(root, 'node_modules', '.client-types-'));
  try {
    await cp(join(installed, 'types'), join(workshop, 'built'), { recursive: true });
    const names = [...(await readFile(join(root, 'packages/client/src/operations.ts'), 'utf8')).matchAll(/^ {2}(\w+): \{/gm)].map(
      ([, name]) => name,
    );
    assert.ok(names.length > 50);
    const head = `import type { Operations as Own } from '@souk/client';\nimport type { Operations as Built } from './built/index.js';\n${alike}`;
    const checks = names.map((name) => `export const ${name}: Alike<Own['${name}'], Built['${name}']> = true;`);
    const options = { lib, types: ['node'], skipLibCheck: true, allowImportingTsExtensions: true };
    assert.equal(await compiled(workshop, { 'same.ts': [head, ...checks].join('\n') }, options), '');
    const wrong = `export const wrong: Alike<Own['getMe'], Built['getUser']> = true;\nexport const less: Alike<{ a?: string }, object> = true;`;
    const refused = await compiled(workshop, { 'same.ts': [head, wrong].join('\n') }, options);
    assert.deepEqual(
      [...refused.matchAll(/error TS(\d+)/g)].map(([, code]) => code),
      ['2322', '2322'],
      'what differs is refused',
    );
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
});

test('the JavaScript runs as it is, minified too, and names no other package', async () => {
  const server = createServer(({ url }, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([{ name: url }])),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const file of ['index.js', 'index.min.js']) {
      const text = await readFile(join(installed, file), 'utf8');
      assert.doesNotMatch(text, /(?:^|[;}\n])\s*import\b\s*["'{*\w]|\bimport\(|\brequire\(/, file);
      const { createClient } = (await import(pathToFileURL(join(installed, file)).href)) as typeof import('@souk/client');
      const { items } = await createClient({ base_url }).products.list({ q: 'cup' }).page();
      assert.equal(items[0]?.name, '/api/products?q=cup');
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  assert.deepEqual((await readdir(installed)).toSorted(), ['LICENSE', 'README.md', 'index.js', 'index.min.js', 'package.json', 'types']);
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual([manifest['name'], manifest['dependencies'], manifest['private']], ['@souk/client', undefined, undefined]);
});

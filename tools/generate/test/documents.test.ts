import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { errorTable, events, metricTable, processMetrics, queues, routes } from '@souk/contracts';
import { documents } from '../src/documents.ts';
import { staleDocuments, writeDocuments } from '../src/write-documents.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let copy: string;

before(async () => {
  copy = await mkdtemp(join(tmpdir(), 'souk-documents-'));
  await writeDocuments(copy, documents());
});
after(() => rm(copy, { recursive: true, force: true }));

test('the committed reference is what the code says', async () => {
  assert.deepEqual(await staleDocuments(root, documents()), { stale: [], left_over: [] }, 'run npm run generate');
});

test('the same code gives the same documents', () => {
  assert.deepEqual(documents(), documents());
});

test('npm run generate -- --check answers 0 for fresh documents and refuses unknown options', () => {
  const fresh = spawnSync(process.execPath, [program, '--check'], { encoding: 'utf8' });
  assert.equal(fresh.status, 0, fresh.stderr);
  assert.match(fresh.stdout, /documents are up to date/);
  const unknown = spawnSync(process.execPath, [program, '--chekc'], { encoding: 'utf8' });
  assert.equal(unknown.status, 64);
  assert.match(unknown.stderr, /--chekc/);
  assert.doesNotMatch(unknown.stderr, / at .*\.ts:/);
});

test('an edited, a missing and a left over document are named', async () => {
  const page = join(copy, 'docs/reference/errors.md');
  const text = await readFile(page, 'utf8');
  await writeFile(page, `${text}by hand\n`);
  await rm(join(copy, '.env.example'));
  await writeFile(join(copy, 'packages/contracts/schemas/order.vanished.1.0.json'), '{}\n');
  assert.deepEqual(await staleDocuments(copy, documents()), {
    stale: ['docs/reference/errors.md', '.env.example'],
    left_over: ['packages/contracts/schemas/order.vanished.1.0.json'],
  });
});

test('a breaking change of an event is not written over its committed form', async () => {
  const path = 'packages/contracts/schemas/order.shipped.1.0.json';
  const wanted = documents().filter((document) => document.path === path);
  const committed = JSON.parse(wanted[0]?.text ?? '') as { properties: Record<string, unknown>; required: string[] };
  committed.properties['shipment_count'] = { type: 'integer' };
  await writeFile(join(copy, path), JSON.stringify(committed));
  await assert.rejects(writeDocuments(copy, wanted), /order\.shipped\.1\.0\.json: \/shipment_count: was removed/);
});

test('a breaking change of the API is not written over what its version has published', async () => {
  const wanted = documents().filter(({ path }) => path.startsWith('packages/contracts/releases/'));
  const [release] = wanted;
  const committed = JSON.parse(release?.text ?? '') as { paths: Record<string, unknown> };
  committed.paths['/api/baskets'] = committed.paths['/api/categories'];
  await writeFile(join(copy, release?.path ?? ''), JSON.stringify(committed));
  await assert.rejects(writeDocuments(copy, wanted), /GET \/api\/baskets: was removed without a Sunset/);
});

test('every event, error code, route, queue and metric is in its page', () => {
  const all = documents();
  const page = (path: string): string => all.find((document) => document.path === path)?.text ?? '';
  for (const event of events)
    assert.match(page('docs/reference/events.md'), new RegExp(`^## ${event.event_type.replace('.', '\\.')}$`, 'm'));
  for (const queue of Object.keys(queues)) assert.ok(page('docs/reference/events.md').includes(`\`${queue}\``), queue);
  for (const code of Object.keys(errorTable)) assert.ok(page('docs/reference/errors.md').includes(`\`${code}\``), code);
  for (const name of [...Object.keys(metricTable), ...Object.keys(processMetrics)])
    assert.ok(page('docs/reference/metrics.md').includes(`| \`${name}\` |`), name);
  for (const route of routes) assert.ok(page('docs/reference/routes.md').includes(`\`${route.method} ${route.path}\``), route.path);
});

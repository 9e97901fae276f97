import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServiceMetrics } from './service-metrics.ts';

const trace_id = '0af7651916cd43dd8448eb211c80319c';
const sampled = `00-${trace_id}-b7ad6b7169203331-01`;
const openMetrics = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

test('whoever reads OpenMetrics gets it, everybody else the older text', async () => {
  const metrics = createServiceMetrics('orders');
  const typeFor = async (accept?: string): Promise<string> => (await metrics.read(accept)).content_type.split(';')[0] ?? '';
  for (const accept of [openMetrics, 'application/openmetrics-text', 'text/plain, application/openmetrics-text; version=1.0.0'])
    assert.equal(await typeFor(accept), 'application/openmetrics-text', accept);
  assert.equal(await typeFor(), 'text/plain');
  for (const accept of ['*/*', 'text/plain', 'application/openmetrics-text;q=0', 'application/openmetrics-text; q=0.0, */*'])
    assert.equal(await typeFor(accept), 'text/plain', accept);
});

test('both formats report the same values', async () => {
  const metrics = createServiceMetrics('orders');
  metrics.count('souk_checkout_impossible_total', { input: 'inventory.reserved' }, 3);
  metrics.observe('souk_checkout_duration_seconds', { outcome: 'confirmed' }, 0.3);
  metrics.requests.route('GET', '/api/orders').count(200, 0.02, sampled);
  const [older, newer] = [samplesIn((await metrics.read()).text), samplesIn((await metrics.read(openMetrics)).text)];
  assert.ok(older.length > 50);
  assert.deepEqual(newer, older);
});

/** One line for each series of the service, its labels in order. */
function samplesIn(text: string): string[] {
  const series = text.matchAll(/^(souk_\w+)(?:\{(.*?)\})? (\S+)(?: # .*)?$/gm);
  return [...series]
    .map(([, name, labels = '', value]) => `${name} ${[...labels.matchAll(/\w+="(?:[^"\\]|\\.)*"/g)].map(String).sort().join()} ${value}`)
    .sort();
}

test('OpenMetrics names families of counters without their ending, and ends', async () => {
  const metrics = createServiceMetrics('orders');
  metrics.count('souk_checkout_impossible_total', { input: 'inventory.reserved' });
  const { text } = await metrics.read(openMetrics);
  assert.match(text, /^# TYPE souk_checkout_impossible counter\nsouk_checkout_impossible_total\{/m);
  assert.ok(text.endsWith('\n# EOF\n'));
  assert.equal(text.split('# EOF').length, 2);
  assert.doesNotMatch(text, /\n\n/);
});

test('a bucket names the last recorded trace that fell into it', async () => {
  const metrics = createServiceMetrics('orders');
  const route = metrics.requests.route('POST', '/api/orders');
  const later = '1'.repeat(32);
  route.count(201, 0.02, sampled);
  route.count(201, 0.021, `00-${later}-b7ad6b7169203331-01`);
  route.count(201, 0.022, `00-${trace_id}-b7ad6b7169203331-00`);
  route.count(201, 99, sampled);
  metrics.observe('souk_checkout_duration_seconds', { outcome: 'confirmed' }, 0.3, sampled);
  metrics.observe('souk_checkout_duration_seconds', { outcome: 'confirmed' }, 0.3);
  const { text } = await metrics.read(openMetrics);
  const examples = text
    .split('\n')
    .flatMap((line) => /^(\w+)\{(.*)\} \S+ # \{trace_id="(\w+)"\} (\S+) \d+\.\d{3}$/.exec(line)?.slice(1) ?? []);
  assert.equal(text.split('\n').filter((line) => line.includes(' # ')).length, 3);
  assert.equal(examples.length, 12);
  assert.match(text, new RegExp(`_bucket\\{[^}]*le="0.025"[^}]*\\} 3 # \\{trace_id="${later}"\\} 0.021 `));
  assert.match(text, new RegExp(`_bucket\\{[^}]*le="\\+Inf"[^}]*\\} 4 # \\{trace_id="${trace_id}"\\} 99 `));
  assert.match(
    text,
    new RegExp(`souk_checkout_duration_seconds_bucket\\{[^}]*outcome="confirmed"[^}]*\\} 2 # \\{trace_id="${trace_id}"\\} 0.3 `),
  );
  assert.doesNotMatch((await metrics.read()).text, / # \{/);
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { services } from '@souk/contracts';
import { serviceListDocuments } from '../src/service-lists.ts';

/** As Compose reads it: the variable, or the sentence when it is missing. */
const password = ['$', '{REVIEWS_DATABASE_PASSWORD:?run npm run souk -- env}'].join('');
const root = new URL('../../../', import.meta.url);

it('a service more in the table gets its part in every file that lists the services, and nothing else changes', async () => {
  const reviews = { name: 'reviews', port_offset: 7, has_database: true };
  const added = new Map<string, string[]>();
  for (const { path, text } of serviceListDocuments(root, [...services, reviews])) {
    const before = (await readFile(new URL(path, root), 'utf8')).split('\n');
    added.set(
      path,
      text.split('\n').filter((line) => !before.includes(line)),
    );
    assert.ok(before.length <= text.split('\n').length, path);
  }
  assert.deepEqual(Object.fromEntries(added), {
    'infrastructure/monitoring/prometheus/prometheus.static.yml': ["      - { targets: ['reviews:8007'], labels: { service: reviews } }"],
    'infrastructure/monitoring/prometheus/rules/recordings.yml': ['            or label_replace(vector(0), "service", "reviews", "", "")'],
    'infrastructure/postgres/make-databases.sh': ['for service in users products orders notifications inventory payments reviews; do'],
    'compose.yaml': [
      '  REVIEWS_URL: http://reviews:8007',
      '  reviews:',
      '    build: { <<: *build, args: { SERVICE: reviews } }',
      '      <<: [*environment, *database_settings]',
      "      PORT: '8007'",
      `      DATABASE_URL: postgres://reviews:${password}@postgres:5432/reviews`,
      `      REVIEWS_DATABASE_PASSWORD: ${password}`,
    ],
  });
});

it('the lists are as the table says', async () => {
  for (const { path, text } of serviceListDocuments(root)) assert.equal(await readFile(new URL(path, root), 'utf8'), text, path);
});

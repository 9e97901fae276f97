/** Documentation names nothing that is not there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brokenReferences } from '../src/references.ts';
import { readSources } from '../src/source-file.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('every file, heading and function that a page names exists', async () => {
  const pages = new Map((await readSources(root)).filter(({ path }) => path.endsWith('.md')).map(({ path, text }) => [path, text]));
  assert.ok(pages.size >= 60, `${pages.size} pages were read`);
  const broken = brokenReferences({
    pages,
    exists: (path) => existsSync(join(root, path)),
    read: (path) => readFileSync(join(root, path), 'utf8'),
  });
  assert.equal(broken.length, 0, `\n${broken.join('\n')}\n`);
});

test('what is not there is named, and nothing else', () => {
  const text = `# A page
[here](b.md) [there](c.md) [heading](b.md#the-second) [no heading](b.md#a-third) [\`placeOrder\`](../src/a.ts) [\`placeNone\`](../src/a.ts)
\`services/orders/src/gone.ts\` \`services/orders/src/{a,gone}.ts\` \`services/*/README.md\` \`services/reviews/src/new.ts\`

\`\`\`ts file=services/reviews/src/new.ts
[a link in code](nowhere.md)
\`\`\`
`;
  const files = ['docs/a.md', 'docs/b.md', 'src/a.ts', 'services/orders/src/a.ts'];
  const broken = brokenReferences({
    pages: new Map([
      ['docs/a.md', text],
      ['docs/b.md', '# One\n\n## The second\n'],
      ['docs/adr/0001-a.md', '`services/gone`'],
    ]),
    exists: (path) => files.some((file) => file === path || file.startsWith(`${path}/`)),
    read: () => 'export function placeOrder() {}',
  });
  assert.deepEqual(broken, [
    'docs/a.md: c.md does not exist',
    'docs/a.md: b.md#a-third is no heading there',
    'docs/a.md: src/a.ts does not hold placeNone',
    'docs/a.md: `services/orders/src/gone.ts` does not exist',
    'docs/a.md: `services/orders/src/{a,gone}.ts` does not exist',
  ]);
});

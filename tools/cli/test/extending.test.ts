/** The guides for engineers, followed word by word in a copy of the repository: written, tested, checked, run, and removed again. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type GuideTerminal, openGuideTerminal, pages_timeout_ms } from './_guide-terminal.ts';
import { copyRepository, type RepositoryCopy } from './_repository-copy.ts';

/** What npm does there, without asking a registry. */
const instead = { 'npm install --ignore-scripts': 'ln -s ../../services/reviews node_modules/@souk/reviews' };

let copy: RepositoryCopy;
let terminal: GuideTerminal;
before(async () => {
  copy = await copyRepository();
  terminal = await openGuideTerminal(copy.folder, instead);
});
after(async () => {
  await terminal.end();
  await copy.remove();
});

describe('an engineer adds', { timeout: pages_timeout_ms }, () => {
  it('a service, which changes two source files outside its folder', { timeout: pages_timeout_ms }, async () => {
    await terminal.follow('docs/guides/add-a-service.md');
    const outside = (await copy.changed()).filter((path) => path.endsWith('.ts') && !path.startsWith('services/reviews/'));
    assert.deepEqual(outside, ['packages/contracts/src/services.ts', 'platform/src/services.ts']);
  });

  for (const page of ['docs/guides/add-a-route.md', 'docs/guides/add-an-event.md', 'docs/guides/add-a-consumer.md'])
    it(page, { timeout: pages_timeout_ms }, () => terminal.follow(page));

  it('nothing that cannot be taken away without a trace', async () => {
    await copy.git('reset', '--quiet', '--hard');
    await copy.git('clean', '--quiet', '--force', '-d');
    assert.deepEqual(await copy.changed(), []);
  });
});

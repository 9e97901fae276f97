import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { composeVariables, missingLines } from '../src/compose-variables.ts';

describe('souk env', () => {
  const made = missingLines('', () => 'random');

  it('makes every secret at random and writes each variable once', () => {
    for (const { variable, value, valueFrom } of composeVariables)
      assert.equal(made.split('\n').filter((line) => line === `${variable}=${valueFrom?.('random') ?? value ?? 'random'}`).length, 1);
  });

  it('adds only what is missing', () => {
    assert.equal(
      missingLines(made, () => 'other'),
      '',
    );
    const lines = missingLines(made.replace(/^REDIS_PASSWORD=.*\n/m, ''), () => 'other');
    assert.equal(lines, '# Redis.\nREDIS_PASSWORD=other\n');
  });

  it('makes what follows from the internal token again when it makes that one', () => {
    const lines = missingLines(made.replace(/^INTERNAL_TOKEN=.*$/m, 'INTERNAL_TOKEN='), () => 'other');
    assert.deepEqual(
      [...lines.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name),
      ['INTERNAL_TOKEN', 'SCRAPE_TOKEN'],
    );
  });

  it('takes an empty secret for a missing one, and an empty setting for a choice', () => {
    for (const empty of ['', "''", '""', '  ']) {
      const text = made.replace(/^REDIS_PASSWORD=.*$/m, `REDIS_PASSWORD=${empty}`).replace(/^LOG_LEVEL=.*$/m, 'LOG_LEVEL=');
      assert.equal(
        missingLines(text, () => 'other'),
        '# Redis.\nREDIS_PASSWORD=other\n',
      );
    }
  });
});

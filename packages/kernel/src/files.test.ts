import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { replaceFile } from './files.ts';

test('concurrent replacements of one file all succeed and leave one whole text and nothing else', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-files-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'note.json');
  const texts = Array.from({ length: 40 }, (_, index) => `${index}`.repeat(5_000));
  await Promise.all(texts.map((text) => replaceFile(path, text)));
  assert.ok(texts.includes(await readFile(path, 'utf8')));
  assert.deepEqual(await readdir(folder), ['note.json']);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('a replacement that fails leaves the file as it was and no temporary file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-files-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(replaceFile(join(folder, 'file', 'note.json'), 'text'), { code: 'ENOTDIR' });
  await assert.rejects(replaceFile(folder, 'text'), /EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  assert.deepEqual(await readdir(folder), ['file']);
});

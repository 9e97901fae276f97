import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { openRunningFile, type RunningPlatform } from '../src/running.ts';

const aPlatform = (pid: number): RunningPlatform => ({
  pid,
  started_at: '2026-03-01T12:00:00.000Z',
  gateway_url: 'http://127.0.0.1:8000',
  urls: {},
  postgres_port: null,
});

it('holds the newest state after many writes at once, and nothing after its removal', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'souk-running-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const failures: unknown[] = [];
  const file = openRunningFile(home, (error) => failures.push(error));
  let pid = 0;
  const writes = Array.from({ length: 50 }, () => {
    pid += 1;
    return file.write(() => aPlatform(pid));
  });
  await Promise.all(writes);
  assert.equal((JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as RunningPlatform).pid, 50);
  assert.deepEqual(await readdir(home), ['running.json']);
  void file.write(() => aPlatform(51));
  await file.remove();
  assert.deepEqual([await readdir(home), failures], [[], []]);
});

it('reports a write that fails and goes on with the next', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'souk-running-'));
  const failures: unknown[] = [];
  const file = openRunningFile(join(home, 'gone'), (error) => failures.push(error));
  await Promise.all([file.write(() => aPlatform(1)), file.write(() => aPlatform(2))]);
  t.after(() => rm(home, { recursive: true, force: true }));
  await file.write(() => aPlatform(3));
  await file.remove();
  assert.ok(failures.length >= 2, 'each failed write is reported');
});

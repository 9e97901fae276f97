import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { findRunning, openRunningFile, type RunningPlatform } from '../src/running.ts';

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

it('does not take a shop that answers late for one that is stopped', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'souk-running-'));
  // It reads what it is sent, so that it sees the end of a connection as well.
  const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => rm(home, { recursive: true, force: true }));
  const gateway_url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await writeFile(join(home, 'running.json'), JSON.stringify({ ...aPlatform(process.pid), gateway_url }));
  await assert.rejects(findRunning(home, 50), { code: 'service_unavailable', message: /did not answer .* within 0\.05 s/ });
  await new Promise((closed) => silent.close(closed));
  assert.equal(await findRunning(home), undefined);
});

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { required } from '@souk/kernel';
import { endLaunched, runElsewhere } from '@souk/local-servers/testing';
import { freshDatabase, plannedDatabase, startTestPostgres } from '@souk/postgres/testing';
import { openTestDatabase } from './_support.ts';

const foldersOf = async (pid: number | undefined): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => new RegExp(`^souk-test-\\d+-${pid}-`).test(name));

test('fresh databases made at once are separate, and a dropped one is gone even while in use', async (t) => {
  const all = await Promise.all([freshDatabase(), freshDatabase(), freshDatabase({ extensions: ['pg_trgm'] })]);
  t.after(() => Promise.all(all.map((fresh) => fresh.drop())));
  const [one, two] = all.map((fresh) => openTestDatabase(t, fresh.url));
  await one?.query('create table stock (id int)');
  await assert.rejects(required(two, 'the second').query('select from stock'), /does not exist/);
  await all[0]?.drop();
  await assert.rejects(required(one, 'the first').ping());
});

test('a planned database is there once it is made, and nothing is dropped of one that never was', async (t) => {
  const [made, unmade] = [await plannedDatabase(), await plannedDatabase()];
  t.after(() => made.drop());
  const database = openTestDatabase(t, made.url);
  await assert.rejects(database.ping());
  await made.create({});
  await database.ping();
  await unmade.drop();
});

test('the server of a killed test process is cleared away by the next, and one that is stopped leaves nothing', async () => {
  const { child } = await runElsewhere(new URL('./_test-server.ts', import.meta.url), []);
  await endLaunched(child, 'SIGKILL');
  assert.equal((await foldersOf(child.pid)).length, 1);
  const before = await foldersOf(process.pid);
  const next = await startTestPostgres();
  assert.equal((await foldersOf(child.pid)).length, 0);
  await next.stop();
  assert.deepEqual(await foldersOf(process.pid), before);
});

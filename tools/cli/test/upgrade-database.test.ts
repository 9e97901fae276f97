/** Data of an older PostgreSQL becomes data of the present one, whatever happens meanwhile. Tried from the version that Debian has. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pause, silentLog } from '@souk/kernel';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { contentsOf, makeOldHome, type OldHome, older, type Run, souk, withOldServer } from './_old-home.ts';

async function majorIn(folder: string): Promise<string> {
  return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
}

/** Waits until the command says it, and fails when it ended before. */
async function said({ output, ended }: Run, words: string): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!output().includes(words)) {
    assert.equal(isOver, false, `it ended without "${words}": ${output()}`);
    await pause(2);
  }
}

if (older === undefined) {
  process.stdout.write('No older PostgreSQL is here, so no upgrade is tried: "apt-get install --no-install-recommends postgresql".\n');
} else {
  const { version } = older;

  test('older data is refused in one line, copied when asked, and whole after kills at any instant', { timeout: 240_000 }, async (t) => {
    const old = await makeOldHome(t, 20_000);
    await refusedInOneLine(old, version);
    const wrong = souk(old.home, ['upgrade-database', '--programs', '/usr']);
    assert.equal(await wrong.ended, 1);
    assert.match(wrong.output(), /were not found in \/usr\./);

    const killed = souk(old.home, ['upgrade-database']);
    await said(killed, 'orders: public.outbox');
    killed.child.kill('SIGKILL');
    await killed.ended;
    assert.equal(await majorIn(old.data), version, 'the data is the old one');
    assert.ok(existsSync(join(old.place, 'data.upgrading')), 'it was killed in the middle');
    const kept = join(old.place, `data.postgresql-${version}`);
    await mkdir(kept);
    await writeFile(join(kept, 'PG_VERSION'), version);
    const second = souk(old.home, ['upgrade-database']);
    assert.equal(await second.ended, 1);
    assert.match(second.output(), /is there already, from an earlier upgrade/);
    await rm(kept, { recursive: true });
    const interrupted = souk(old.home, ['upgrade-database']);
    await said(interrupted, 'orders: public.outbox');
    interrupted.child.kill('SIGINT');
    assert.equal(await interrupted.ended, 1, interrupted.output());
    assert.match(interrupted.output(), /interrupted/);
    assert.equal(existsSync(join(old.place, 'data.upgrading')), false, 'what was interrupted leaves nothing');

    const upgraded = souk(old.home, ['upgrade-database']);
    assert.equal(await upgraded.ended, 0, upgraded.output());
    assert.match(upgraded.output(), new RegExp(`Copied \\d+ rows from PostgreSQL ${version} to 18`));
    assert.deepEqual(await contentsOf(old.home), old.contents);
    assert.equal(await majorIn(kept), version, 'the old data is kept');
    const again = souk(old.home, ['upgrade-database']);
    assert.equal(await again.ended, 0);
    assert.match(again.output(), /^Nothing to do/);
    await killedBetweenTheRenames(old, version);
  });
}

async function refusedInOneLine(old: OldHome, version: string): Promise<void> {
  const start = souk(old.home, ['start']);
  assert.equal(await start.ended, 1, start.output());
  const lines = start
    .output()
    .split('\n')
    .filter((line) => line.startsWith('souk:'));
  assert.match(
    lines.join('\n'),
    new RegExp(`^souk: The data in .* is of PostgreSQL ${version}; this Souk brings 18.* npm run souk -- upgrade-database$`),
  );
  assert.ok(existsSync(join(old.place, `${version}.0.0`)), 'the older programs are needed yet');
}

/** The state that a kill leaves between the two renames, which is too short to be met by a signal. */
async function killedBetweenTheRenames({ home, place, data, contents }: OldHome, version: string): Promise<void> {
  const [upgraded, kept] = [join(place, 'data.upgraded'), join(place, `data.postgresql-${version}`)];
  await rename(data, upgraded);
  assert.deepEqual(await contentsOf(home), contents, 'the second rename is made up for');
  await rename(data, upgraded);
  await rename(kept, data);
  assert.deepEqual(await contentsOf(home), contents, 'both renames are made up for');

  await rename(data, upgraded);
  await rename(kept, data);
  await withOldServer({ home, data }, async () => undefined);
  await assert.rejects(
    startEmbeddedPostgres({ home, log: silentLog }),
    { code: 'embedded_postgres_version' },
    'the older data was used since',
  );
  assert.equal(existsSync(upgraded), false, 'an outdated copy is not kept');
}

/** The disk fills up while data of an older PostgreSQL is copied. Only root may mount a small one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeOldHome, type OldHome, older, openHome, readContents, souk, withOldServer } from './_old-home.ts';

/** A mount and process numbers of its own: both end with the command. */
const unshare = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

if (older === undefined || process.getuid?.() !== 0) {
  process.stdout.write('The upgrade on a full disk is tried by root, where an older PostgreSQL is installed.\n');
} else {
  test('a disk that is full is said to be full, and the old data stays as it was', { timeout: 240_000 }, async (t) => {
    const old = await makeOldHome(t, 30_000);
    const [disk, kept] = [await openHome(t), await openHome(t)];
    // Room for the old data, the programs and an empty new cluster, not for the rows. The mount ends with the process.
    const script = `mount -t tmpfs -o size=$1,mode=755 none "$2" && cp -a "$3/." "$2" && shift 3 && { "$@"; code=$?; cp -a "$SOUK_HOME/postgres/data"* ${kept}; exit $code; }`;
    const full = souk(disk, ['upgrade-database'], [...unshare, 'sh', '-c', script, 'sh', await sizeFor(old), disk, old.home]);
    assert.equal(await full.ended, 1, full.output());
    assert.match(full.output(), /: public\.\w+ …/, 'the space ended among the rows');
    assert.match(
      full.output(),
      /souk: There is no space left in .* for the copy\. It was deleted; the data of the older version is as it was\./,
    );
    assert.deepEqual(await readdir(kept), ['data']);
    assert.deepEqual(await withOldServer({ home: old.home, data: join(kept, 'data') }, readContents), old.contents);
  });
}

async function sizeFor({ home }: OldHome): Promise<string> {
  const child = spawn('du', ['-sm', home], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return `${Number.parseInt(text, 10) + 112}m`;
}

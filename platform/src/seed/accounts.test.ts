import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { keptAccounts } from './accounts.ts';
import { keptSecret } from './secrets.ts';

test('the accounts of a home are the same at every start once they are kept, and new when the file was lost or damaged', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'souk-accounts-'));
  t.after(() => rm(home, { recursive: true }));
  const file = join(home, 'secrets', 'accounts.json');
  const interrupted = await keptAccounts(home);
  const first = await keptAccounts(home);
  assert.notDeepEqual(first.accounts, interrupted.accounts, 'nothing is kept before the users service knows it');
  assert.equal(first.created, true);
  await first.keep();
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const second = await keptAccounts(home);
  assert.deepEqual([second.accounts, second.created], [first.accounts, false]);
  for (const damaged of ['', '[{"role":"adm', '{}', '[]', 'null', JSON.stringify(first.accounts.slice(1))]) {
    await writeFile(file, damaged);
    assert.equal((await keptAccounts(home)).created, true, damaged);
  }
});

test('an emptied secret is made anew', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'souk-secret-'));
  t.after(() => rm(home, { recursive: true }));
  const first = await keptSecret(home, 'internal_token');
  assert.equal(await keptSecret(home, 'internal_token'), first);
  await truncate(join(home, 'secrets', 'internal_token'));
  const next = await keptSecret(home, 'internal_token');
  assert.ok(next.length >= 32 && next !== first);
});

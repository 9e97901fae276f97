import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testService } from '@souk/service-kit/testing';
import { buildUsers, UsersConfig } from '@souk/users';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('souk keys rotate publishes a key that waits for its use; repeated, also at the same moment, it answers the same one', async (t) => {
  const shop = await testService(buildUsers, { name: 'users', schema: UsersConfig });
  const home = await mkdtemp(join(tmpdir(), 'souk-keys-'));
  t.after(async () => {
    await shop.stop();
    await rm(home, { recursive: true, force: true });
  });
  await mkdir(join(home, 'secrets'), { recursive: true });
  const noteToken = (token: string) => writeFile(join(home, 'secrets', 'internal_token'), `${token}\n`);
  const note = { pid: process.pid, started_at: '', gateway_url: shop.url, urls: { users: shop.url }, postgres_port: null };
  await writeFile(join(home, 'running.json'), JSON.stringify(note));
  await noteToken(shop.installation_token);
  const souk = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { ...process.env, SOUK_HOME: home };
      execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
    });

  const started = Date.now();
  const outcomes = await Promise.all([souk('keys', 'rotate', '--json'), souk('keys', 'rotate', '--json')]);
  const [first, second] = outcomes.map(({ stdout }) => JSON.parse(stdout) as { kid: string; active_from: string });
  assert.deepEqual(first, second);
  assert.ok(Date.parse(first?.active_from ?? '') >= started + 15 * 60_000);
  const said = await souk('keys', 'rotate');
  assert.ok(said.code === 0 && said.stdout.includes(first?.kid ?? 'a key'), said.stderr);
  const { keys } = (await (await fetch(`${shop.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
  assert.deepEqual([keys.length, keys.at(-1)?.kid], [2, first?.kid]);

  for (const words of [['keys'], ['keys', 'burn'], ['keys', 'rotate', 'twice']]) assert.notEqual((await souk(...words)).code, 0);
  await noteToken('x'.repeat(40));
  const refused = await souk('keys', 'rotate');
  assert.ok(refused.code !== 0 && refused.stderr.includes('users refused'), refused.stderr);
});

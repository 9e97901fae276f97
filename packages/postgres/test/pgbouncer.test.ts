/** Behind PgBouncer in session mode everything is as without it; transaction mode is refused with what to do. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { openFolder, until } from '@souk/local-servers/testing';
import { freshDatabase } from '@souk/postgres/testing';
import { openTestDatabase } from './_support.ts';

const program = ['/usr/sbin/pgbouncer', '/usr/local/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));
/** PgBouncer refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A pooler of the packages' own settings but for what is named here; answers the URL through it. */
async function pooler(t: TestContext, url: string, pool_mode: 'session' | 'transaction'): Promise<string> {
  const folder = await openFolder(t);
  await chmod(folder, 0o755);
  const port = required((await findFreePorts(1))[0], 'a free port');
  const server = new URL(url);
  const name = server.pathname.slice(1);
  const target = `host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}`;
  const lines = [
    '[databases]',
    `${name} = ${target}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
  ];
  const settings = [...lines, `pool_mode = ${pool_mode}`, 'default_pool_size = 4', 'server_lifetime = 60', ''];
  await writeFile(join(folder, 'pgbouncer.ini'), settings.join('\n'), { mode: 0o644 });
  const child: ChildProcess = spawn(required(program, 'pgbouncer'), [join(folder, 'pgbouncer.ini')], {
    ...unprivileged,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await until('the pooler listens', () => {
    if (child.exitCode !== null) throw new Error(said);
    return said.includes('listening on 127.0.0.1');
  });
  const through = new URL(url);
  through.host = `127.0.0.1:${port}`;
  return through.href;
}

if (program === undefined) {
  process.stdout.write('PgBouncer is not here, so it is not tried: "apt-get install --no-install-recommends pgbouncer".\n');
} else {
  test('in session mode a pooled connection has its time zone, limits and prepared statements', async (t) => {
    const fresh = await freshDatabase();
    t.after(() => fresh.drop());
    const url = await pooler(t, fresh.url, 'session');
    for (let round = 0; round < 3; round += 1) {
      const db = openTestDatabase(t, url, { pool_max: 3, statement_timeout_ms: 3_000 });
      const settings = `select current_setting('timezone') as zone, current_setting('statement_timeout') as statements, current_setting('idle_in_transaction_session_timeout') as idle`;
      assert.deepEqual(await db.query(settings), [{ zone: 'UTC', statements: '3s', idle: '30s' }]);
      await Promise.all(Array.from({ length: 6 }, () => db.transaction(async (tx) => tx.query('select now() as at'))));
      await db.close();
    }
  });

  test('in transaction mode the first statement says what to do', async (t) => {
    const fresh = await freshDatabase();
    t.after(() => fresh.drop());
    const url = await pooler(t, fresh.url, 'transaction');
    const refusals: unknown[] = [];
    for (let round = 0; round < 3 && refusals.length === 0; round += 1) {
      const db = openTestDatabase(t, url, { pool_max: 1 });
      await db.ping().catch((error: unknown) => refusals.push(error));
      await db.close();
    }
    assert.equal((refusals[0] as { code?: string } | undefined)?.code, 'pooler_unsupported', String(refusals[0]));
    assert.match(String(refusals[0]), /pool_mode = session/);
  });
}

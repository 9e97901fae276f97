import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serviceNames } from '@souk/contracts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let folder: string;
let servers: Server[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-commands-'));
  // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where nobody removes it.
  await chmod(folder, 0o755);
});
after(async () => {
  for (const server of servers) server.close();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function souk(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const options = { env: { ...process.env, SOUK_HOME: join(folder, 'empty'), INIT_CWD: folder, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

/** A server on a free port; by default it lets nobody wait. */
async function listening(answer: (path: string, end: (text?: string) => void) => void = (_path, end) => end()): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    answer(request.url ?? '', (text) => (text === undefined ? request.socket.destroy() : response.end(text)));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A home whose shop is that server. */
async function homeOf(name: string, port: number): Promise<string> {
  const home = join(folder, name);
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(home, 'secrets'), { recursive: true });
  await writeFile(join(home, 'secrets', 'accounts.json'), JSON.stringify([{ role: 'staff', username: 'staff', password: 'secret' }]));
  const urls = Object.fromEntries(serviceNames.map((service) => [service, url]));
  await writeFile(
    join(home, 'running.json'),
    JSON.stringify({ pid: process.pid, started_at: '', gateway_url: url, urls, postgres_port: null }),
  );
  return home;
}

describe('wrong words', () => {
  it('never look like books that do not balance', async () => {
    for (const words of [['--nosuch'], ['--grace', 'soon'], ['more']]) {
      const { code, stderr } = await souk(['audit', ...words]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^souk: the books could not be audited: /);
    }
    assert.equal((await souk(['audit'], { PORT_BASE: 'many' })).code, 2);
  });

  it('are refused before anything is checked', async () => {
    const { code, stdout, stderr } = await souk(['check', '--quick']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^souk: Unknown option '--quick'/);
  });

  it('name the command that is not there, also when help for it is wanted', async () => {
    for (const words of [['sell'], ['help', 'sell']]) {
      const { code, stderr } = await souk(words);
      assert.equal(code, 64);
      assert.match(stderr, /there is no command "sell"/);
    }
    assert.match((await souk(['help', 'audit'])).stdout, /Exit code: 0 balanced/);
  });
});

describe('a home that cannot be used', () => {
  it('is a sentence, not a stack', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const { code, stderr } = await souk(['start'], { SOUK_HOME: file, PORT_BASE: '18960' });
    assert.equal(code, 1);
    assert.match(stderr, /a-file/);
    assert.doesNotMatch(stderr, / at .*\.ts/);
    assert.match((await souk(['audit'], { SOUK_HOME: file })).stderr, /No shop is running in .*a-file/);
  });

  it('is named where nobody may make a folder', async () => {
    if (process.platform !== 'linux') return;
    const { code, stderr } = await souk(['start'], { SOUK_HOME: '/proc/shop', PORT_BASE: '18960' });
    assert.equal(code, 1);
    assert.match(stderr, /SOUK_HOME is "\/proc\/shop"; it must be a folder that this account can make and write to/);
  });

  it('whose passwords are damaged says how to get new ones', async () => {
    const home = await homeOf('damaged', await listening((_path, end) => end('{}')));
    await writeFile(join(home, 'secrets', 'accounts.json'), '[{"role":"cus');
    const { code, stderr } = await souk(['token'], { SOUK_HOME: home });
    assert.equal(code, 1);
    assert.match(stderr, /accounts\.json cannot be read \(it is damaged\)\. Stop the shop and start it again: it makes new ones\./);
  });
});

describe('a start', () => {
  it('tells everything that is wrong with its environment at once, before it makes anything', async () => {
    const home = join(folder, 'misconfigured');
    const env = { SOUK_HOME: home, PORT_BASE: '1e4', SOUK_SAMPLE: 'maybe', LOG_LEVEL: 'loud', DB_POOL_MAX: '0', RATE_LIMIT: 'maybe' };
    const { code, stderr } = await souk(['start'], env);
    assert.equal(code, 1);
    for (const name of ['PORT_BASE', 'SOUK_SAMPLE', 'LOG_LEVEL', 'DB_POOL_MAX', 'RATE_LIMIT'])
      assert.equal(stderr.match(new RegExp(`\\b${name} `, 'g'))?.length, 1, stderr);
    assert.equal(existsSync(home), false);
  });

  it('names who holds its port, before it makes anything', async () => {
    const port = await listening();
    const home = join(folder, 'taken');
    const { code, stderr } = await souk(['start'], { SOUK_HOME: home, PORT_BASE: String(port) });
    assert.equal(code, 1);
    const holder = process.platform === 'linux' ? `process ${process.pid} \\(.*\\)` : 'another program';
    assert.match(stderr, new RegExp(`Port ${port} is taken by ${holder}. Stop it, or set PORT_BASE.`));
    assert.equal(existsSync(home), false);
  });

  it('that is interrupted stops what it has started and says so', async () => {
    const home = join(folder, 'interrupted');
    const child: ChildProcess = spawn(process.execPath, [main, 'start'], { env: { ...process.env, SOUK_HOME: home, PORT_BASE: '18970' } });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
      if (stderr.includes('starting PostgreSQL') && !stderr.includes('SIGINT')) child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(code, 0, stderr);
    assert.match(stderr, /SIGINT: stopping …\nSouk was stopped while it started/);
    assert.equal(stdout, '');
    assert.equal(existsSync(join(home, 'postgres', 'data', 'postmaster.pid')), false);
    assert.equal(existsSync(join(home, 'postgres', 'location')), false, 'nothing of it is kept elsewhere');
  });
});

describe('an import', () => {
  const login = (path: string, end: (text?: string) => void): void => {
    if (path === '/health/live') end('{}');
    else if (path === '/api/auth/login') end('{"access_token":"token"}');
    else end();
  };

  it('whose shop goes away is told to be run again', async () => {
    const home = await homeOf('goes', await listening(login));
    await writeFile(join(folder, 'things.csv'), 'name,price\nThing,1\n');
    const { code, stderr } = await souk(['import', 'things.csv'], { SOUK_HOME: home });
    assert.equal(code, 1);
    assert.match(stderr, /^souk: The import broke off\. .* run it again/);
    assert.doesNotMatch(stderr, / at /);
  });

  it('refuses a file it may not read and a folder it may not write to, before anything is sent', async () => {
    const home = await homeOf('refuses', await listening(login));
    assert.match((await souk(['import', 'absent.csv'], { SOUK_HOME: home })).stderr, /absent\.csv cannot be read: ENOENT/);
    assert.match((await souk(['import', '.'], { SOUK_HOME: home })).stderr, /is not a file\.$/m);
    await writeFile(join(folder, 'things.csv'), 'name,price\nThing,1\n');
    const { code, stderr } = await souk(['import', 'things.csv', '--refused', 'absent/refused.csv'], { SOUK_HOME: home });
    assert.equal(code, 1);
    assert.match(stderr, /Refused rows could not be written to .*absent.*--refused/);
    if (process.getuid?.() === 0) return;
    await chmod(join(folder, 'things.csv'), 0o000);
    assert.match((await souk(['import', 'things.csv'], { SOUK_HOME: home })).stderr, /cannot be read: EACCES/);
  });
});

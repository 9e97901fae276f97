import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '@souk/messaging/testing';

/**
 * The door of every command in a repository of its own: a lock file, a program to hand over to, and in npm's place a
 * program that says what it does, because what is tried here is what happens when an install is cut off in the middle.
 */
const bin = fileURLToPath(new URL('../bin', import.meta.url));
const lockText = '{ "packages": { "node_modules/thing": { "version": "1.0.0" } } }\n';
const npmText = `
import { appendFileSync, existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
const say = (word) => appendFileSync('npm.log', word + ' ' + process.pid + '\\n');
mkdirSync('writing');
say('begins');
const finish = () => {
  writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(lockText)});
  if (existsSync('change-the-lock')) writeFileSync('package-lock.json', '{}');
  rmdirSync('writing');
  say('ends');
  process.exit(0);
};
const fail = (word) => {
  rmdirSync('writing');
  say(word);
  process.exit(1);
};
process.on('SIGTERM', () => fail('is stopped'));
setInterval(() => existsSync('hold') || finish(), 20);
`;

interface Repository {
  folder: string;
  npmSaid(): Promise<string[]>;
  start(): { pid: number; said(): string; ended: Promise<number | NodeJS.Signals> };
}

async function repository(t: TestContext): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-install-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(bin, join(folder, 'tools/cli/bin'), { recursive: true });
  await mkdir(join(folder, 'tools/cli/src'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'package-lock.json'), lockText);
  await writeFile(join(folder, 'tools/cli/src/main.ts'), `process.stdout.write('handed over\\n');`);
  await writeFile(join(folder, 'npm-cli.js'), npmText);
  const { SOUK_INSTALL: _off, NODE_COMPILE_CACHE: _cache, ...env } = process.env;
  return {
    folder,
    npmSaid: async () => (await readFile(join(folder, 'npm.log'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    start() {
      const child = spawn(process.execPath, [join(folder, 'tools/cli/bin/souk.mjs'), 'start'], {
        env: { ...env, npm_execpath: join(folder, 'npm-cli.js') },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          said += chunk;
        });
      t.after(() => child.kill('SIGKILL'));
      return {
        pid: child.pid ?? 0,
        said: () => said,
        ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code ?? 0))),
      };
    },
  };
}

test('the Node of the machine runs Souk when it is as new as the pinned one, and of its major', async () => {
  const { isAsNewAs } = (await import(new URL('../bin/runtime.mjs', import.meta.url).href)) as {
    isAsNewAs(version: string, pinned: string): boolean;
  };
  const verdicts = ['26.10.0', '26.10.1', '26.11.0', '26.9.9', '20.20.2', '27.0.0'].map((version) => isAsNewAs(version, '26.10.0'));
  assert.deepEqual(verdicts, [true, true, true, false, false, false]);
});

test('the packages are installed once, and a lock file that npm changes is put back', async (t) => {
  const { folder, npmSaid, start } = await repository(t);
  await writeFile(join(folder, 'change-the-lock'), '');
  const first = start();
  assert.equal(await first.ended, 0);
  assert.match(first.said(), /npm wanted to change package-lock\.json; it was put back/);
  assert.match(first.said(), /handed over/);
  assert.equal(await readFile(join(folder, 'package-lock.json'), 'utf8'), lockText);
  const again = start();
  assert.equal(await again.ended, 0);
  assert.equal(again.said(), 'handed over\n');
  assert.equal((await npmSaid()).length, 2);
});

test('what a command has compiled is kept beside the packages for the next one', async (t) => {
  const { folder, start } = await repository(t);
  assert.equal(await start().ended, 0);
  const kept = await readdir(join(folder, 'node_modules/.cache/node'), { recursive: true });
  assert.ok(kept.length > 1, kept.join());
});

test('an npm that outlives its killed command is waited for, not joined by a second one', async (t) => {
  const { folder, npmSaid, start } = await repository(t);
  await writeFile(join(folder, 'hold'), '');
  const killed = start();
  await until(async () => ((await npmSaid()).length === 1 ? undefined : 'npm does not work yet'));
  process.kill(killed.pid, 'SIGKILL');
  await killed.ended;
  const next = start();
  await until(async () => (next.said().includes('another command is installing the packages') ? undefined : `it said: ${next.said()}`));
  await rm(join(folder, 'hold'));
  assert.equal(await next.ended, 0, next.said());
  assert.match(next.said(), /handed over/);
  // The next one still looks for itself, after it.
  assert.deepEqual(
    (await npmSaid()).map((line) => line.split(' ')[0]),
    ['begins', 'ends', 'begins', 'ends'],
  );
});

test('an npm that was killed is followed by another one', async (t) => {
  const { folder, npmSaid, start } = await repository(t);
  await writeFile(join(folder, 'hold'), '');
  const failed = start();
  await until(async () => ((await npmSaid()).length === 1 ? undefined : 'npm does not work yet'));
  process.kill(Number((await npmSaid())[0]?.split(' ')[1]), 'SIGKILL');
  assert.equal(await failed.ended, 1);
  assert.match(failed.said(), /npm install failed \(SIGKILL\).*run the same command again/s);
  await rm(join(folder, 'hold'));
  await rm(join(folder, 'writing'), { recursive: true });
  const next = start();
  assert.equal(await next.ended, 0, next.said());
});

test('a command that is told to stop stops its npm, and leaves no lock behind it', async (t) => {
  const { folder, npmSaid, start } = await repository(t);
  await writeFile(join(folder, 'hold'), '');
  const stopped = start();
  await until(async () => ((await npmSaid()).length === 1 ? undefined : 'npm does not work yet'));
  process.kill(stopped.pid, 'SIGTERM');
  assert.equal(await stopped.ended, 130);
  await rm(join(folder, 'hold'));
  const next = start();
  assert.equal(await next.ended, 0, next.said());
  assert.equal(existsSync(join(folder, 'node_modules/.souk-installing')), false);
});

test('a lock whose number another process has by now is nobody’s', async (t) => {
  const { folder, start } = await repository(t);
  await mkdir(join(folder, 'node_modules/.souk-installing'), { recursive: true });
  await writeFile(join(folder, 'node_modules/.souk-installing/owner'), `${hostname()} ${process.pid}@1 `);
  const next = start();
  assert.equal(await next.ended, 0, next.said());
  assert.doesNotMatch(next.said(), /waiting/);
});

test('a command whose npm was told to stop stops too', async (t) => {
  const { folder } = await repository(t);
  await writeFile(
    join(folder, 'tools/cli/src/main.ts'),
    `process.once('SIGTERM', () => process.stdout.write('stopped\\n', () => process.exit(0)));
     process.stdout.write('runs\\n');
     setInterval(() => undefined, 1_000);`,
  );
  // As npm does it: a shell that waits for the command, and ends without passing a signal on.
  const shell = spawn('sh', ['-c', '"$0" tools/cli/bin/souk.mjs start; true', process.execPath], {
    cwd: folder,
    env: { ...process.env, SOUK_INSTALL: '0', npm_lifecycle_event: 'start' },
  });
  let said = '';
  shell.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const closed = new Promise((resolve) => shell.stdout.once('close', resolve));
  await until(() => (said.includes('runs') ? undefined : 'it does not run yet'));
  shell.kill('SIGTERM');
  await closed;
  assert.equal(said, 'runs\nstopped\n');
});

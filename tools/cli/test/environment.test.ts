import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serviceNames } from '@souk/contracts';
import { configSchemas } from '@souk/platform';
import { environmentNotices, variablesOf } from '@souk/service-kit';
import { completeEnvironment } from '../src/complete-environment.ts';
import { syntaxProblems } from '../src/environment-file.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-environment-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function souk(args: string[], env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { PATH: process.env['PATH'], ...env } }, (error, _stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stderr }),
    );
  });
}

describe('the file .env', () => {
  it('gives what the real environment does not set, by name or as a file', async () => {
    const path = await file(
      'usual',
      '\uFEFF# A shop\r\nexport PORT_BASE=9000 # moved\r\nAMQP_URL="amqp://a b"\r\nREDIS_URL_FILE=/nowhere\r\nLOG_LEVEL=info\r\nMANY="1\r\n2"',
    );
    const secret = await file('amqp', 'amqp://from-a-file\n');
    const env = await completeEnvironment({ SOUK_ENV_FILE: path, AMQP_URL_FILE: secret, REDIS_URL: 'redis://real', LOG_LEVEL: '' });
    assert.equal(env['PORT_BASE'], '9000');
    assert.equal(env['AMQP_URL'], 'amqp://from-a-file');
    assert.equal(env['AMQP_URL_FILE'], undefined);
    assert.equal(env['REDIS_URL'], 'redis://real');
    assert.deepEqual([env['LOG_LEVEL'], env['MANY']], ['', '1\n2']);
  });

  it('is refused with the number of every line that is not an assignment', () => {
    const text = ['# fine', 'A=1', 'nonsense', "B='two", "lines' more", '=x', 'C = "a"  # fine', '1D=2', 'E="open', 'F=2'].join('\n');
    assert.deepEqual(
      syntaxProblems(text).map((line) => line.split(':')[0]),
      ['3', '5', '6', '8', '9'],
    );
  });

  for (const [command, code] of [
    ['start', 1],
    ['up', 1],
    ['token', 1],
    ['audit', 2],
  ] as const)
    it(`is read by souk ${command}`, async () => {
      const path = await file('wrong', 'PORT_BASE=8000\nPORT_BASE 9000\n');
      const outcome = await souk([command], { SOUK_ENV_FILE: path, SOUK_HOME: folder });
      assert.equal(outcome.code, code);
      assert.match(outcome.stderr, /wrong:2: this is neither NAME=VALUE nor a comment/);
      const right = await file('right', 'PORT_BASE=many\n');
      assert.match((await souk([command], { SOUK_ENV_FILE: right, SOUK_HOME: folder })).stderr, /PORT_BASE is "many"/);
    });

  it('that is named must be there', async () => {
    const { code, stderr } = await souk(['token'], { SOUK_ENV_FILE: join(folder, 'absent') });
    assert.equal(code, 1);
    assert.match(stderr, /absent cannot be read: ENOENT/);
  });
});

describe('what is set in vain', () => {
  it('is told at a start, a line each', async () => {
    const env = {
      SOUK_ENV_FILE: '0',
      SOUK_HOME: folder,
      HOME: folder,
      PORT_BASE: 'many',
      REDIS_ULR: 'x',
      SOUK_LOG_LEVEL: 'info',
    };
    const { stderr } = await souk(['start'], env);
    assert.match(stderr, /^souk: REDIS_ULR is not a variable of Souk and has no effect; did you mean REDIS_URL\?$/m);
    assert.match(stderr, /^souk: SOUK_LOG_LEVEL .* did you mean LOG_LEVEL\?$/m);
    assert.doesNotMatch(stderr, /souk: HOME /);
  });

  it('is never a variable of another service, nor of a usual shell', () => {
    const all = Object.fromEntries(serviceNames.flatMap((name) => variablesOf(configSchemas[name])).map((variable) => [variable, '1']));
    const shell = [
      'HOME',
      'PATH',
      'HOSTNAME',
      'LOGNAME',
      'SHELL',
      'TERM',
      'USER',
      'LANG',
      'PWD',
      'NODE_ENV',
      'PGHOST',
      'INIT_CWD',
      'HTTP_PROXY',
    ];
    const env = { ...all, ...Object.fromEntries(shell.map((name) => [name, '1'])) };
    for (const name of serviceNames) assert.deepEqual(environmentNotices(env, variablesOf(configSchemas[name]), 1), [], name);
  });
});

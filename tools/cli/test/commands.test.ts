import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mapBounded, required } from '@souk/kernel';
import { CommanderError } from 'commander';
import { readCommandLine } from '../src/command-line.ts';
import { commands } from '../src/commands.ts';
import { folder, homeOf, listening, main, souk } from './_commands.ts';

/** What commander alone answers, in this process: a start of Node for each of many would take minutes on a busy machine. */
async function read(words: readonly string[]): Promise<{ refused: boolean; stdout: string; stderr: string }> {
  const [stdout, stderr]: string[][] = [[], []];
  const output = { writeOut: (text: string) => void stdout?.push(text), writeErr: (text: string) => void stderr?.push(text) };
  let refused = false;
  const run = (): Promise<never> => Promise.reject(new Error(`souk ${words.join(' ')} was run`));
  await readCommandLine(words, { version: '1.2.3', output, run }).catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
    refused = error.exitCode !== 0;
  });
  return { refused, stdout: (stdout ?? []).join(''), stderr: (stderr ?? []).join('') };
}

describe('wrong words', () => {
  const wrong: [words: string[], says: RegExp][] = [
    [['sell'], /unknown command 'sell'/],
    [['help', 'sell'], /unknown command 'sell'/],
    [['sell', '--help'], /unknown command 'sell'/],
    [['audti'], /Did you mean audit\?/],
    [['audit', '--nosuch'], /unknown option '--nosuch'/],
    [['audit', '--jsno'], /Did you mean --json\?/],
    [['audit', 'more'], /too many arguments/],
    [['check', '--quick'], /unknown option '--quick'/],
    [['start', 'now'], /too many arguments/],
    [['up', '--replicas', 'orders=0'], /orders=0 must be a number from 1 to 16/],
    [['import'], /missing required argument 'file'/],
    [['import', 'a.csv', 'b.csv'], /too many arguments/],
    [['restore'], /missing required argument 'folder'/],
    [['republish'], /--since/],
    [['republish', '--since', 'yesterday'], /instant such as/],
    [['dead', 'eat'], /souk dead knows list, show, replay, discard/],
    [['dead', 'replay'], /Say which letters to replay/],
    [['keys'], /missing required argument 'verb'/],
    [['keys', 'eat'], /one verb/],
    [['api-key'], /missing required argument 'verb'/],
    [['api-key', 'eat'], /souk api-key knows create, list, revoke, not "eat"/],
    [['api-key', 'create'], /Say what the key is for/],
    [['api-key', 'create', '--name', 'x'], /Say what the key may do: --scopes .* There are: products:read/],
    [['api-key', 'create', '--name', 'x', '--scopes', 'orders:read,orders:eat'], /There is no scope "orders:eat"/],
    [['api-key', 'create', '--name', 'x', '--scopes', 'orders:read', '--expires', '0d'], /instant to come/],
    [['api-key', 'create', '--name', 'x', '--scopes', 'orders:read', '--expires', '2020-01-01T00:00:00Z'], /instant to come/],
    [['api-key', 'create', '--name', 'x', '--scopes', 'orders:read', '--expires', 'tomorrow'], /instant to come/],
    [['api-key', 'list', 'x'], /takes no ids/],
    [['api-key', 'list', '--name', 'x'], /go with souk api-key create/],
    [['api-key', 'revoke'], /Name the keys to revoke/],
    [['api-key', 'revoke', 'x'], /"x" is not the id of an API key/],
    [['token', '--role', 'owner'], /Allowed choices are customer, staff, admin/],
    [['env', '--sprint'], /Did you mean --print\?/],
    [['test', '--quick'], /unknown option --quick/],
    [['generate', '--chekc'], /Did you mean --check\?/],
    [['load', 'eat'], /TRIAL/],
    [['saga', '--smok'], /Did you mean --smoke\?/],
    [['prove', 'now'], /too many arguments/],
    [['prove', '--world', 'moon'], /Allowed choices are embedded, distributed/],
    [['prove', '--replicas', '2'], /souk prove: --replicas needs --world distributed/],
    [['simulate', '--trace', '--seeds', '2'], /souk simulate: --trace prints one seed/],
    [['mutate', '--onyl', 'relay'], /Did you mean --only\?/],
    [['mutate', '--only', ''], /must not be empty/],
  ];
  for (const [words, says] of wrong)
    it(`are refused: souk ${words.join(' ')}`, async () => {
      const parsed = await read(words).catch(() => undefined);
      if (parsed !== undefined) {
        assert.ok(parsed.refused);
        return assert.match(parsed.stderr, says);
      }
      const { code, stdout, stderr } = await souk(words);
      assert.equal(code, 64, stderr);
      assert.match(stderr + stdout, says);
      assert.doesNotMatch(stderr, /\n +at /);
    });

  it('are numbers out of range, of every option that takes one', async () => {
    const numeric = commands.flatMap(({ name, words = [], options = [] }) =>
      options
        .map((make) => make())
        .flatMap((option) => (/ to [\d.]+$/.test(option.description) ? [{ name, words, option: option.long ?? '' }] : [])),
    );
    assert.ok(numeric.length >= 11, String(numeric.length));
    const values = ['-1', 'many', '', '1e3', '0x10', '99999999'];
    for (const [index, { name, words, option }] of numeric.entries()) {
      const value = required(values[index % values.length], 'a value');
      const { refused, stderr } = await read([name, ...words.map(() => 'x'), option, value]);
      assert.ok(refused, `${name} ${option}`);
      assert.match(stderr, /It must be a (whole )?number from \d+ to \d+\.\n.*help/);
    }
  });

  it('end with 64 from commander as well', async () => assert.equal((await souk(['audit', '--nosuch'])).code, 64));

  it('never look like books that do not balance', async () => {
    assert.equal((await souk(['audit'], { PORT_BASE: 'many' })).code, 2);
  });

  it('say that there is nothing to back up, and leave no shop behind', async () => {
    const home = join(folder, 'no-shop');
    const { code, stderr } = await souk(['backup'], { SOUK_HOME: home });
    assert.ok(code === 1 && stderr.includes(`There is no shop in ${home}.`), `${code} ${stderr}`);
    await assert.rejects(stat(home), { code: 'ENOENT' });
  });

  it('at a port to which browsers do not connect no shop starts', async () => {
    const { code, stderr } = await souk(['start'], { PORT_BASE: '10077' });
    assert.ok(code === 1 && /puts orders at port 10080, to which browsers refuse/.test(stderr), `${code} ${stderr}`);
  });
});

describe('what a command says of itself', () => {
  it('is its version', async () => {
    for (const word of ['--version', '-V']) {
      const { code, stdout } = await souk([word]);
      assert.equal(code, 0);
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    }
  });

  it('is an overview, with every command', async () => {
    const [bare, asked] = [await souk([]), await souk(['--help'])];
    assert.deepEqual([bare.code, bare.stderr, bare.stdout], [0, '', asked.stdout]);
    for (const { name, summary } of commands) assert.match(bare.stdout, new RegExp(`^ +${name} +${summary.slice(0, 20)}`, 'm'));
  });

  it('is a help text with all its options, of every command', async () => {
    await mapBounded(commands, 2, async ({ name, options = [], details }) => {
      const [help, option] = [await read(['help', name]), await read([name, '--help'])];
      assert.deepEqual([help.refused, help.stdout], [false, option.stdout]);
      assert.match(help.stdout, new RegExp(`^Usage: npm run souk -- ${name}`));
      for (const make of options) assert.ok(help.stdout.includes(make().flags), name);
      assert.ok(details !== undefined && help.stdout.includes(details), `${name} has a full text`);
    });
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

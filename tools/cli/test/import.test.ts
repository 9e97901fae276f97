/** `souk import`, and signing in for it, against a server that answers as a shop would. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { folder, homeOf, listening, souk } from './_commands.ts';

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

  it('passes the code of a second factor on, and says that one is needed', async () => {
    const codes: unknown[] = [];
    const port = await listening((path, end, body) => {
      if (path === '/api/auth/login') codes.push((JSON.parse(body) as { code?: string }).code);
      if (path !== '/api/auth/login') end('{}');
      else if (codes.at(-1) === '123456') end('{"access_token":"token"}');
      else end('{"code":"second_factor_required","detail":"A code is needed."}', 401);
    });
    const home = await homeOf('code', port);
    const without = await souk(['token', '--role', 'staff'], { SOUK_HOME: home });
    assert.deepEqual([without.code, /A code is needed\. Give the code of its second factor: --code CODE/.test(without.stderr)], [1, true]);
    assert.equal((await souk(['token', '--role', 'staff', '--code', '123456'], { SOUK_HOME: home })).stdout, 'token\n');
    assert.deepEqual(codes, [undefined, '123456']);
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

  it('prints ignored columns, and keeps refused rows beside the file under the name the help says', async () => {
    const report = {
      ...{ rows: 2, created: 1, updated: 0, unchanged: 0, refused: 1, refusals: [] },
      ...{ ignored_columns: 1, ignored_column_names: ['Mine'], unused_column_names: ['SEO Title'] },
    };
    const paths: string[] = [];
    let refusals = [{ line: 3, reason: 'the price is missing' }];
    const port = await listening((path, end) => {
      if (path.startsWith('/api/products/import')) paths.push(path);
      const lines = [{ progress: { rows: 2 }, refusals }, { report: { ...report, refused: refusals.length } }];
      end(path.startsWith('/api/auth') ? JSON.stringify({ access_token: 'x' }) : lines.map((line) => JSON.stringify(line)).join('\n'));
    });
    const home = await homeOf('columns', port);
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'shop.CSV'), 'name,price,Mine\nA,1,x\nB,,\n');
    const { code, stdout } = await souk(['import', 'data/shop.CSV', '--ignore-unknown-columns'], { SOUK_HOME: home });
    assert.equal(code, 3);
    assert.match(stdout, /unknown columns, ignored: "Mine"\n.*does not keep: "SEO Title"\n/);
    const beside = join(folder, 'data', 'shop.refused.csv');
    assert.ok(stdout.includes(beside), stdout);
    assert.equal(await readFile(beside, 'utf8'), 'line,handle,reason\n3,,the price is missing\n');
    assert.deepEqual(paths, ['/api/products/import?ignore_unknown_columns=true']);
    refusals = [];
    const again = await souk(['import', 'data/shop.CSV', '--ignore-unknown-columns'], { SOUK_HOME: home });
    assert.equal(again.code, 0);
    assert.ok(again.stdout.includes(`${beside} was of an earlier import and is removed\n`), again.stdout);
    await assert.rejects(readFile(beside), { code: 'ENOENT' });
    const { stdout: help } = await souk(['help', 'import']);
    for (const word of ['stock_quantity', 'image_url', 'option:NAME', 'attribute:NAME', 'shop.refused.csv', '--ignore-unknown-columns'])
      assert.ok(help.includes(word), word);
  });
});

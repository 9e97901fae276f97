/** `souk api-key` at a running shop. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { type ApiKey, type CreatedApiKey, listOrders } from '@souk/contracts';
import { required } from '@souk/kernel';
import { startTestPlatform, type TestPlatform } from '@souk/platform/testing';
import { folder, souk as type } from './_commands.ts';

describe('souk api-key', () => {
  let shop: TestPlatform;
  before(async () => {
    shop = await startTestPlatform();
    await noteRunning(shop.accounts);
  });
  after(() => shop?.stop());

  const home = (): string => join(folder, 'home');
  const noteRunning = async (accounts: readonly object[]): Promise<void> => {
    await mkdir(join(home(), 'secrets'), { recursive: true });
    const urls = { users: shop.urlOf('users') };
    const note = { pid: process.pid, started_at: '', gateway_url: shop.gateway_url, urls, postgres_port: null };
    await writeFile(join(home(), 'running.json'), JSON.stringify(note));
    await writeFile(join(home(), 'secrets', 'accounts.json'), JSON.stringify(accounts));
  };
  const souk = (...words: string[]) => type(['api-key', ...words], { SOUK_HOME: home() });
  const listed = async (): Promise<ApiKey[]> => JSON.parse((await souk('list', '--json')).stdout) as ApiKey[];
  const statusWith = async (token: string): Promise<number> =>
    (await createTestClient({ base_url: shop.gateway_url, token }).call(listOrders)).status;

  it('creates a key and prints it alone, lists it without its secret, and revokes it', async () => {
    assert.equal((await souk('list')).stdout, 'There are no API keys.\n');
    const made = await souk('create', '--name', 'Warehouse \u001b[31m', '--scopes', 'orders:read, inventory:write');
    assert.equal(made.code, 64, 'a name that would steer a terminal');
    assert.match(made.stderr, /name/);
    const created = await souk('create', '--name', 'Warehouse', '--scopes', 'orders:read, inventory:write,orders:read', '--expires', '90d');
    assert.equal(created.code, 0, created.stderr);
    assert.match(created.stdout, /^souk_live_\S+\n$/);
    assert.match(created.stderr, /for Warehouse: orders:read, inventory:write; good until 2\d{3}-.*\nIt is shown this once\./);
    const key = created.stdout.trim();
    assert.equal(await statusWith(key), 200);
    const [one] = await listed();
    assert.deepEqual([one?.name, one?.scopes], ['Warehouse', ['orders:read', 'inventory:write']]);
    const in_days = (Date.parse(one?.expires_at ?? '') - Date.now()) / 86_400_000;
    assert.ok(in_days > 89.9 && in_days <= 90, `${in_days}`);
    const table = (await souk('list')).stdout;
    assert.match(table, /^ID +NAME +CREATED +EXPIRES +LAST USED +SCOPES\n/);
    assert.match(table, new RegExp(`^${one?.id} +Warehouse .* orders:read inventory:write$`, 'm'));
    assert.equal(table.includes(key), false);
    const second = await souk('create', '--name', 'Till', '--scopes', 'orders:write', '--expires', '2099-01-01T00:00:00+01:00', '--json');
    const till = JSON.parse(second.stdout) as CreatedApiKey;
    assert.deepEqual([till.name, till.expires_at, till.key.startsWith('souk_live_')], ['Till', '2098-12-31T23:00:00.000Z', true]);
    assert.equal(second.stderr, '');
    const unknown = '0198c5a4-0000-7000-8000-000000000000';
    const partly = await souk('revoke', till.id, unknown);
    assert.deepEqual([partly.code, partly.stderr], [1, `souk: There is no API key ${unknown}. Revoked before it: ${till.id}.\n`]);
    assert.deepEqual((await souk('revoke', one?.id ?? '')).stdout, '1 API key revoked.\n');
    assert.deepEqual(await listed(), []);
    const again = await souk('revoke', one?.id ?? '', '--json');
    assert.deepEqual([again.code, JSON.parse(again.stdout)], [0, { revoked: [one?.id] }], 'done is done');
  });

  it('says what the shop refuses: an account that may not, one with a wrong password, too many keys', async () => {
    const staff = shop.accounts.filter(({ role }) => role === 'staff').map((account) => ({ ...account, role: 'admin' }));
    await noteRunning(staff);
    const refused = await souk('list');
    assert.deepEqual([refused.code, refused.stderr], [1, 'souk: This needs the role admin.\n']);
    await noteRunning(staff.map((account) => ({ ...account, password: 'wrong words of it' })));
    assert.match((await souk('list')).stderr, /The admin account could not sign in/);
    await noteRunning(shop.accounts);
    const { username, password } = required(
      shop.accounts.find(({ role }) => role === 'admin'),
      'admin',
    );
    const admin = createTestClient({ base_url: shop.gateway_url });
    await admin.auth.login({ login: username, password });
    for (let count = 0; count < 20; count += 1) await admin.apiKeys.create({ name: 'x', scopes: ['orders:read'] });
    const beyond = await souk('create', '--name', 'x', '--scopes', 'orders:read');
    assert.deepEqual([beyond.code, beyond.stdout], [1, '']);
    assert.match(beyond.stderr, /20/);
    const ids = (await listed()).map(({ id }) => id);
    assert.equal((await souk('revoke', ...ids)).stdout, '20 API keys revoked.\n');
  });
});

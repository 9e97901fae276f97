import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type DeadLetter, serviceNames } from '@souk/contracts';
import { buildInventory, InventoryConfig } from '@souk/inventory';
import { silentLog } from '@souk/kernel';
import { openDatabase } from '@souk/postgres';
import { type TestService, testService } from '@souk/service-kit/testing';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const unknownEvent = '{"event_type":"order.created","order_id":"0190a000-0000-7000-8000-000000000001"}';

let shop: TestService<ReturnType<typeof buildInventory>>;
let home: string;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function souk(...args: string[]): Promise<Outcome> {
  const env = { ...process.env, SOUK_HOME: home };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

async function bury(letters: readonly { queue: string; reason: string; detail?: string; body?: string }[]): Promise<void> {
  const db = openDatabase({ url: shop.database.url, application_name: 'dead letters', pool_max: 1, log: silentLog });
  for (const { queue, reason, detail = 'It was not to be.', body = unknownEvent } of letters)
    await db.query(
      `insert into dead_letters (queue, event_id, event_type, reason, detail, attempts, code_version, body)
       values ($1, '0190a000-0000-7000-8000-00000000000a', 'order.created', $2, $3, 5, '0.1.0', $4)`,
      [queue, reason, detail, body],
    );
  await db.close();
}

const listed = async (...args: string[]): Promise<DeadLetter[]> =>
  JSON.parse((await souk('dead', 'list', '--json', ...args)).stdout) as DeadLetter[];

/** The note of a running platform whose only living service is inventory. */
async function noteRunning(): Promise<void> {
  const dead = 'http://127.0.0.1:1';
  const urls = { ...Object.fromEntries(serviceNames.map((name) => [name, dead])), inventory: shop.url };
  await mkdir(join(home, 'secrets'), { recursive: true });
  await writeFile(join(home, 'secrets', 'internal_token'), `${shop.installation_token}\n`);
  await writeFile(
    join(home, 'running.json'),
    JSON.stringify({ pid: process.pid, started_at: '', gateway_url: shop.url, urls, postgres_port: null }),
  );
}

describe('souk dead', () => {
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'souk-dead-'));
    shop = await testService(buildInventory, { name: 'inventory', schema: InventoryConfig });
    await noteRunning();
  });
  after(async () => {
    await shop.stop();
    await rm(home, { recursive: true, force: true });
  });

  it('lists letters newest first, by queue and by reason, as a table and as JSON', async () => {
    await bury([
      { queue: 'inventory.reserve-stock', reason: 'event_invalid', detail: 'bad \x1b[31mcolour' },
      { queue: 'inventory.ship-stock', reason: 'stock_mismatch' },
      { queue: 'inventory.reserve-stock', reason: 'stock_mismatch' },
    ]);
    const table = await souk('dead', 'list', '--queue', 'inventory.reserve-stock');
    assert.equal(table.code, 0, table.stderr);
    assert.match(
      table.stdout,
      /^ID +DIED +QUEUE +REASON +ATTEMPTS +EVENT +DETAIL\ninventory-3 .*stock_mismatch.*\ninventory-1 .*event_invalid +5 +order\.created +bad colour\n$/,
    );
    assert.deepEqual(
      (await listed('--queue', 'inventory.reserve-stock', '--reason', 'event_invalid')).map(({ id }) => id),
      ['inventory-1'],
    );
    assert.match((await souk('dead', 'list', '--queue', 'inventory.ship-stock', '--limit', '1')).stdout, /inventory-2/);
  });

  it('names the services that did not answer, with an exit code of its own', async () => {
    const { code, stdout, stderr } = await souk('dead', 'list');
    assert.equal(code, 2);
    assert.match(stdout, /inventory-3/);
    assert.match(stderr, /no answer came: .*orders/);
  });

  it('shows one letter with its message', async () => {
    const { code, stdout } = await souk('dead', 'show', 'inventory-1');
    assert.equal(code, 0);
    assert.match(stdout, /^id +inventory-1$/m);
    assert.match(stdout, /^ {2}"event_type": "order.created",$/m);
  });

  it('discards by id, all or none, and by reason', async () => {
    const refused = await souk('dead', 'discard', 'inventory-1', 'inventory-999');
    assert.deepEqual([refused.code, refused.stderr], [1, 'souk: There is no dead letter 999.\n']);
    assert.equal((await souk('dead', 'discard', 'inventory-1')).stdout, '1 dead letter discarded.\n');
    assert.equal(
      (await souk('dead', 'discard', '--queue', 'inventory.ship-stock', '--reason', 'stock_mismatch')).stdout,
      '1 dead letter discarded.\n',
    );
    assert.deepEqual(
      (await listed('--queue', 'inventory.reserve-stock')).map(({ id }) => id),
      ['inventory-3'],
    );
  });

  it('replays a letter into its queue, where it is handled again', async () => {
    const replayed = await souk('dead', 'replay', 'inventory-3', '--json');
    assert.deepEqual([replayed.code, JSON.parse(replayed.stdout)], [0, { replayed: 1 }]);
    // Its event lacks most members: it dies again, under another number and for its true reason.
    const ends = performance.now() + 15_000;
    let letters: DeadLetter[] = [];
    while (letters.length === 0 && performance.now() < ends) letters = await listed('--queue', 'inventory.reserve-stock');
    assert.deepEqual(
      letters.map(({ reason }) => reason),
      ['event_invalid'],
    );
    assert.notEqual(letters[0]?.id, 'inventory-3');
  });

  it('shows a message that is no JSON without letting it steer the terminal', async () => {
    await bury([{ queue: 'inventory.open-stock', reason: 'event_invalid', body: 'not\x1b]0;title\x07 json\x08' }]);
    const [letter] = await listed('--queue', 'inventory.open-stock');
    const { stdout } = await souk('dead', 'show', letter?.id ?? '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    assert.doesNotMatch(stdout, /[\x00-\x08\x0b-\x1f]/);
  });

  it('refuses words that could mean anything', async () => {
    for (const [args, words] of [
      [['replay'], /Say which letters to replay/],
      [['discard', 'inventory-1', '--reason', 'x'], /Say which letters to discard/],
      [['show'], /Name the one letter/],
      [['bury'], /knows list, show, replay, discard/],
      [['show', '12'], /they look like orders-12/],
      [['show', 'gateway-1'], /is not the id of a dead letter/],
      [['list', '--queue', 'inventory.nothing'], /There is no queue "inventory.nothing". There are: /],
      [['list', '--limit', '0'], /'--limit <n>' argument '0' is invalid/],
      [['show', 'orders-1'], /orders does not answer/],
    ] as const) {
      const { code, stderr } = await souk('dead', ...args);
      // What is wrong whatever the shop holds is wrong usage.
      const isUsage = ['replay', 'discard', 'bury'].includes(args[0]) || args.length === 1 || args[1] === '--limit';
      assert.ok(isUsage ? code === 64 : code === 1 || code === 64, `${args.join(' ')}: ${code}`);
      assert.match(stderr, words);
    }
  });
});

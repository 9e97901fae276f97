/** In which order rows are locked, and how long an announcement is the last one: between two connections, whatever the machine does. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '@souk/messaging/testing';
import type { InventoryContext } from '../src/context.ts';
import { newStock } from '../src/domain/opening.ts';
import { insertNewStock, lockStock, lockUnannounced, markAnnounced } from '../src/store/stock.ts';
import { type Fixture, openFixture, uuid } from './_support.ts';

const at = '2026-01-01T00:00:00.000Z';
const rowsOf = (ids: readonly string[]) => ids.map((product_id) => newStock({ product_id, quantity: 5, actor: 'system' }, at));

describe('rows of stock', () => {
  let fixture: Fixture;
  let other: InventoryContext;
  before(async () => {
    fixture = await openFixture();
    other = fixture.replica();
  });
  after(() => fixture.close());

  const twoStocks = async (): Promise<readonly [string, string]> => {
    const ids = [uuid(), uuid()].sort() as [string, string];
    await fixture.db.transaction((tx) => insertNewStock(tx, rowsOf(ids)));
    return ids;
  };
  const waiting = () =>
    until(async () => {
      const rows = await fixture.db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
      return rows.length > 0 ? undefined : 'it does not wait';
    });

  test('are locked in order of the product: who waits for the first holds no other', async () => {
    const [first, second] = await twoStocks();
    let working: Promise<unknown> = Promise.resolve();
    await other.db.transaction(async (tx) => {
      await tx.query('select from stock where product_id = $1 for update', [first]);
      working = fixture.db.transaction((locking) => lockStock(locking, [second, first]));
      await waiting();
      await tx.query('select from stock where product_id = $1 for update nowait', [second]);
    });
    await working;
  });

  test('are made in order of the product: who waits for the first has made no other', async () => {
    const [first, second] = [uuid(), uuid()].sort() as [string, string];
    let making: Promise<Set<string>> = Promise.resolve(new Set());
    // A transaction that meets another one in a circle is begun again.
    const begun = { holding: 0, making: 0 };
    await other.db.transaction(async (tx) => {
      begun.holding += 1;
      await tx.query(`set local lock_timeout = '2s'`);
      await insertNewStock(tx, rowsOf([first]));
      making = fixture.db.transaction((locking) => {
        begun.making += 1;
        return insertNewStock(locking, rowsOf([second, first]));
      });
      await waiting();
      assert.deepEqual(await insertNewStock(tx, rowsOf([second])), new Set([second]));
    });
    assert.deepEqual(await making, new Set());
    assert.deepEqual(begun, { holding: 1, making: 1 });
  });

  test('are announced again only after the interval, and not while another announces them', async () => {
    const ids = await twoStocks();
    const announceable = (db: InventoryContext['db'], interval_ms: number) =>
      db.transaction(async (tx) => {
        await tx.query(`set local lock_timeout = '500ms'`);
        return (await lockUnannounced(tx, ids, interval_ms)).map(({ product_id }) => product_id);
      });
    await fixture.db.transaction(async (tx) => {
      assert.equal((await lockUnannounced(tx, ids, 3_600_000)).length, 2, 'they were never announced');
      assert.deepEqual(await announceable(other.db, 3_600_000), []);
      await markAnnounced(tx, ids);
    });
    assert.deepEqual(await announceable(fixture.db, 3_600_000), []);
    assert.deepEqual(await announceable(fixture.db, 0), ids);
  });
});

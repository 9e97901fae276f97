/** What one replica holds while it decides, and what another one does meanwhile: waits, steps aside, or finds itself too late. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { silentLog, systemIds, timestamp } from '@souk/kernel';
import { type Database, openDatabase, type Tx } from '@souk/postgres';
import { replaceHash } from '../src/store/accounts.ts';
import { deleteKeysOf, insertKey } from '../src/store/api-keys.ts';
import { insertResetRequest, takeResetRequests } from '../src/store/message-tokens.ts';
import { lockSession } from '../src/store/sessions.ts';
import { lockSigningKeys } from '../src/store/signing-keys.ts';
import { aCustomer, openTown, type Person, type Town } from './_support.ts';

const lockNotAvailable = { code: '55P03' };

describe('replicas at the same moment', () => {
  let town: Town;
  let db: Database;
  let other: Database;
  let person: Person;
  before(async () => {
    town = await openTown();
    ({ db } = town.context);
    other = openDatabase({ url: town.database.url, application_name: 'test replica', pool_max: 2, log: silentLog });
    person = await aCustomer(town);
  });
  after(async () => {
    await other.close();
    await town.stop();
  });

  /** What another replica is answered while the first one's transaction is open; it does not wait for long. */
  const meanwhile = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    other.transaction(async (tx) => {
      await tx.query(`set local lock_timeout = '500ms'`);
      return work(tx);
    });

  test('a session is held while it is renewed', async () => {
    const [session] = await db.query<{ id: string }>('select id from sessions where user_id = $1', [person.user.id]);
    await db.transaction(async (tx) => {
      assert.equal((await lockSession(tx, session?.id ?? ''))?.user_id, person.user.id);
      await assert.rejects(other.query('select from sessions where id = $1 for update nowait', [session?.id]), lockNotAvailable);
    });
  });

  test('signing keys are made by one replica at a time, and read meanwhile', async () => {
    await db.transaction(async (tx) => {
      await lockSigningKeys(tx);
      await assert.rejects(
        meanwhile((second) => lockSigningKeys(second)),
        (error: { code?: string; cause?: { code?: string } }) => [error.code, error.cause?.code].includes('55P03'),
      );
      assert.notEqual((await other.query('select from signing_keys')).length, 0);
    });
  });

  test('requests for a link that one replica answers are left out by the others', async () => {
    const requests = [systemIds.uuid(), systemIds.uuid()].sort().map((id) => ({ id, email: 'nobody@mail.example' }));
    const taken = await db.transaction(async (tx) => {
      for (const request of requests)
        await insertResetRequest(tx, { ...request, cause: { correlation_id: systemIds.uuid() }, created_at: timestamp(Date.now()) });
      return (await takeResetRequests(tx, 1)).map(({ id }) => id);
    });
    assert.deepEqual(taken, [requests[0]?.id]);
    await db.query('delete from reset_requests');
    for (const request of requests)
      await other.query('insert into reset_requests (id, email, cause, created_at) values ($1, $2, $3, now())', [
        request.id,
        request.email,
        '{}',
      ]);
    await db.transaction(async (tx) => {
      assert.equal((await takeResetRequests(tx, 1)).length, 1);
      assert.equal((await meanwhile((second) => takeResetRequests(second, 10))).length, 1);
    });
  });

  test('a newer hash replaces only that of the password it was made from', async () => {
    const hashNow = async () =>
      (await db.query<{ password_hash: string }>('select password_hash from accounts where id = $1', [person.user.id]))[0]?.password_hash;
    const hash = (await hashNow()) ?? '';
    await replaceHash(db, person.user.id, 'the hash of an older password', 'stronger');
    assert.equal(await hashNow(), hash);
    await replaceHash(db, person.user.id, hash, 'stronger');
    assert.equal(await hashNow(), 'stronger');
  });

  test('a key that has ended keeps its end when all keys of its account end', async () => {
    const key = (deleted_at: string | null) => ({
      id: systemIds.uuid(),
      user_id: person.user.id,
      name: 'a program',
      scopes: ['orders:read'],
      key_hash: Buffer.alloc(32, 1),
      created_at: '2026-01-01T00:00:00.000Z',
      expires_at: null,
      last_used_at: null,
      deleted_at,
    });
    const [ended, usable] = [key('2026-02-01T00:00:00.000Z'), key(null)];
    await db.transaction(async (tx) => {
      await insertKey(tx, ended as never);
      await insertKey(tx, usable as never);
      assert.deepEqual(await deleteKeysOf(tx, person.user.id, '2026-03-01T00:00:00.000Z'), [usable.id]);
    });
  });
});

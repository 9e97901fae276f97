import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AppError, manualClock, silentLog, systemClock } from '@souk/kernel';
import { type Database, migrate, openDatabase } from '@souk/postgres';
import { type FreshDatabase, freshDatabase } from '@souk/postgres/testing';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createVerifier, databaseKeyStore, fileKeyStore, type KeySet, kitMigrations, memoryKeyStore } from '../src/index.ts';
import { createTestKeys } from '../src/testing/test-keys.ts';

const away = async (): Promise<KeySet> => {
  throw new AppError('service_unavailable', 'users is away');
};

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === expected;
}

function verifierOf(fetchKeys: () => Promise<KeySet>, store = memoryKeyStore(), clock = systemClock) {
  return createVerifier({ fetchKeys, store, clock, log: silentLog });
}

describe('a token', () => {
  it('of the key set names its caller, and is remembered', async () => {
    const keys = await createTestKeys();
    const verifier = verifierOf(async () => keys.key_set);
    const token = await keys.tokenFor({ user_id: '01a20518-d385-705d-a094-bafc97027b7d', role: 'admin' });
    assert.equal(verifier.remembered(token), undefined);
    const caller = await verifier.verify(token);
    assert.deepEqual(
      { ...caller },
      {
        user_id: '01a20518-d385-705d-a094-bafc97027b7d',
        role: 'admin',
        actor: 'staff:01a20518-d385-705d-a094-bafc97027b7d',
        isStaff: true,
      },
    );
    assert.equal(verifier.remembered(token), caller);
  });

  it('may stand for an API key: then it says which, and what that may do', async () => {
    const keys = await createTestKeys();
    const verifier = verifierOf(async () => keys.key_set);
    const [user_id, id] = ['01a20518-d385-705d-a094-bafc97027b7d', '01a20518-d385-705d-a094-bafc97027b7e'];
    const scope = 'orders:read some:day inventory:write';
    const { actor, key } = await verifier.verify(await keys.tokenFor({ user_id, role: 'staff', key: { id, scope } }));
    assert.equal(actor, `staff:${user_id}/key:${id}`);
    assert.equal(key?.id, id);
    assert.deepEqual([...(key?.scopes ?? [])], ['orders:read', 'inventory:write'], 'a scope that is not known here opens nothing');
    const none = await verifier.verify(await keys.tokenFor({ user_id, role: 'staff', key: { id, scope: '' } }));
    assert.equal(none.key?.scopes.size, 0);
    for (const half of [
      { id: 'x', scope },
      { id, scope: undefined },
      { id: undefined, scope },
    ])
      await assert.rejects(
        verifier.verify(await keys.tokenFor({ user_id, role: 'staff', key: half as { id: string; scope: string } })),
        (error) => code('token_invalid')(error),
      );
  });

  it('ends, also when it is remembered', async () => {
    const keys = await createTestKeys();
    const clock = manualClock(Date.now());
    const verifier = verifierOf(async () => keys.key_set, memoryKeyStore(), clock);
    const token = await keys.tokenFor({ expires_in_s: 60 });
    const caller = await verifier.verify(token);
    // Shown twice, it is remembered as it is and not only by its digest.
    assert.equal(verifier.remembered(token), caller);
    assert.equal(verifier.remembered(token), caller);
    clock.advance(66_000);
    assert.equal(verifier.remembered(token), undefined);
    await assert.rejects(verifier.verify(token), code('token_invalid'));
  });

  it('is nobody else’s, whatever part of it is the same', async () => {
    const keys = await createTestKeys();
    const verifier = verifierOf(async () => keys.key_set);
    const token = await keys.tokenFor({ user_id: '01a20518-d385-705d-a094-bafc97027b7d', role: 'admin' });
    await verifier.verify(token);
    assert.notEqual(verifier.remembered(token), undefined);
    assert.notEqual(verifier.remembered(token), undefined);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), role: 'staff' }));
    for (const forged of [
      `${head}.${other.toString('base64url')}.${signature}`,
      `${head}.${claims}.${'A'.repeat(signature.length - 4)}${signature.slice(-4)}`,
      token.slice(1),
      token.slice(-4),
      token.slice(-3),
      `${token} `,
      '',
    ])
      assert.equal(verifier.remembered(forged), undefined, forged);
  });

  it('that is forged is refused, however it is forged', async () => {
    const keys = await createTestKeys();
    const stranger = await createTestKeys(keys.kid);
    const verifier = verifierOf(async () => keys.key_set);
    const claims = { sub: '01a20518-d385-705d-a094-bafc97027b7d', role: 'admin' };
    const genuine = await keys.tokenFor();
    const [head, , signature] = genuine.split('.');
    const signed = (header: object, changes: object) =>
      new SignJWT({ ...claims, iss: 'souk', aud: 'souk', iat: 1, exp: 4_000_000_000, ...changes })
        .setProtectedHeader({ alg: 'EdDSA', kid: keys.kid, ...header })
        .sign(keys.private_key);
    const symmetric = await new SignJWT({ ...claims, iss: 'souk', aud: 'souk', iat: 1, exp: 4_000_000_000 })
      .setProtectedHeader({ alg: 'HS256', kid: keys.kid })
      .sign(Buffer.from(String(keys.key_set.keys[0]?.x)));
    const elliptic = (await generateKeyPair('ES256')).privateKey;
    const forged = [
      await stranger.tokenFor(),
      new UnsecuredJWT({ ...claims }).setIssuer('souk').setAudience('souk').setExpirationTime('1h').encode(),
      symmetric,
      await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: keys.kid }).sign(elliptic),
      `${head}.${Buffer.from(JSON.stringify({ ...claims, exp: 4_000_000_000 })).toString('base64url')}.${signature}`,
      await signed({}, { iss: 'other' }),
      await signed({}, { aud: 'other' }),
      await signed({}, { exp: undefined }),
      await signed({}, { exp: 1_000 }),
      await signed({}, { nbf: 4_000_000_000 }),
      await signed({}, { role: 'root' }),
      await signed({}, { sub: "1' or '1'='1" }),
      await signed({ kid: undefined }, {}),
      // A receipt, were its claims those of a token.
      await signed({ typ: 'souk-receipt' }, {}),
      `${genuine}.x`,
      'a.b.c',
      '',
    ];
    for (const token of forged) await assert.rejects(verifier.verify(token), code('token_invalid'), token);
    await verifier.verify(genuine);
  });
});

describe('the key set', () => {
  it('that was never seen is our fault, not the token’s', async () => {
    const keys = await createTestKeys();
    const verifier = verifierOf(away);
    assert.equal(verifier.ready(), false);
    await assert.rejects(verifier.verify(await keys.tokenFor()), code('keys_unavailable'));
  });

  it('is asked for again in a moment while none is known', async () => {
    const keys = await createTestKeys();
    const clock = manualClock(Date.now());
    let asked = 0;
    let fetchKeys = away;
    const verifier = verifierOf(
      () => {
        asked += 1;
        return fetchKeys();
      },
      memoryKeyStore(),
      clock,
    );
    assert.equal(await verifier.refresh(), false);
    fetchKeys = async () => keys.key_set;
    await assert.rejects(verifier.verify(await keys.tokenFor()), code('keys_unavailable'));
    assert.equal(asked, 1, 'not for each request');
    clock.advance(250);
    await verifier.verify(await keys.tokenFor());
    assert.equal(asked, 2);
  });

  it('is asked for again for an unknown key, at most every ten seconds', async () => {
    const [old, next] = [await createTestKeys(), await createTestKeys()];
    const clock = manualClock(Date.now());
    let asked = 0;
    let current = old.key_set;
    const verifier = verifierOf(
      async () => {
        asked += 1;
        return current;
      },
      memoryKeyStore(),
      clock,
    );
    await verifier.verify(await old.tokenFor());
    current = { keys: [...old.key_set.keys, ...next.key_set.keys] };
    const token = await next.tokenFor();
    const strangers = await Promise.all(Array.from({ length: 20 }, async () => (await createTestKeys()).tokenFor()));
    for (const stranger of strangers) await assert.rejects(verifier.verify(stranger), code('token_invalid'));
    await assert.rejects(verifier.verify(token), code('token_invalid'));
    assert.equal(asked, 1);
    clock.advance(10_000);
    await Promise.all([verifier.verify(token), verifier.verify(await old.tokenFor()), verifier.verify(token)]);
    assert.equal(asked, 2);
  });

  it('forgets remembered tokens of a key that was withdrawn', async () => {
    const [stolen, safe] = [await createTestKeys(), await createTestKeys()];
    const clock = manualClock(Date.now());
    let current: KeySet = { keys: [...stolen.key_set.keys, ...safe.key_set.keys] };
    const verifier = verifierOf(async () => current, memoryKeyStore(), clock);
    const token = await stolen.tokenFor();
    await verifier.verify(token);
    assert.notEqual(verifier.remembered(token), undefined);
    current = safe.key_set;
    await verifier.refresh();
    assert.equal(verifier.remembered(token), undefined);
    await assert.rejects(verifier.verify(token), code('token_invalid'));
  });

  it('ignores keys of other kinds and never adopts an empty set', async () => {
    const keys = await createTestKeys();
    const other = { ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey)), kid: 'other' };
    let current: KeySet = { keys: [other, ...keys.key_set.keys] };
    const verifier = verifierOf(async () => current);
    const token = await keys.tokenFor();
    await verifier.verify(token);
    current = { keys: [] };
    assert.equal(await verifier.refresh(), false);
    await verifier.verify(await keys.tokenFor());
  });
});

describe('after a restart while users is away', () => {
  let database: FreshDatabase;
  let db: Database;

  before(async () => {
    database = await freshDatabase();
    await migrate({ url: database.url, folders: [kitMigrations], log: silentLog });
    db = openDatabase({ url: database.url, application_name: 'verifier test', pool_max: 2, log: silentLog });
  });
  after(async () => {
    await db.close();
    await database.drop();
  });

  it('a service verifies with the key set in its database', async () => {
    const keys = await createTestKeys();
    await verifierOf(async () => keys.key_set, databaseKeyStore(db)).refresh();
    const restarted = verifierOf(away, databaseKeyStore(db));
    assert.equal(await restarted.refresh(), false);
    assert.equal(restarted.ready(), true);
    await restarted.verify(await keys.tokenFor());
  });

  it('a process without a database verifies with the key set in its file, which only it may read', async () => {
    const home = await mkdtemp(join(tmpdir(), 'souk-keys-'));
    const path = join(home, 'deep', 'keys.json');
    const keys = await createTestKeys();
    assert.equal(await fileKeyStore(path).load(), undefined);
    await verifierOf(async () => keys.key_set, fileKeyStore(path)).refresh();
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    await verifierOf(away, fileKeyStore(path)).verify(await keys.tokenFor());
    await rm(home, { recursive: true });
  });
});

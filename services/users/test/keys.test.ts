import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import { getKeySet, getMe, getReceiptKeys, login, type Receipt, refreshLogin, signReceipt } from '@souk/contracts';
import { type ManualClock, manualClock, silentLog } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { createVerifier, type KeySet, memoryKeyStore, type Service } from '@souk/service-kit';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { UsersConfig } from '../src/config.ts';
import type { UsersContext } from '../src/context.ts';
import { buildUsers } from '../src/service.ts';
import { removeEndedKeys, rotateKeys } from '../src/use-cases/rotate-keys.ts';
import { aCustomer, openTown, password, type Town } from './_support.ts';

const minuteMs = 60_000;

describe('signing keys', () => {
  let town: Town;
  let clock: ManualClock;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({}, { clock });
  });
  after(() => town.stop());

  const kidsOf = async (client: Client) => (await client.must(getKeySet)).keys.map((key) => key['kid']);
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  const replica = async (config: Partial<UsersConfig> = {}): Promise<Service<UsersContext>> => {
    const service = buildUsers({ ...town.context.config, ...config }, { broker: town.broker, clock, log: silentLog });
    await service.start();
    return service;
  };

  it('a new key is published 15 minutes before use, and nobody is signed out', async () => {
    const { user, tokens } = await aCustomer(town);
    const signIn = () => town.client.must(login, { body: { login: user.username, password } });
    const verifier = createVerifier({
      fetchKeys: async () => (await town.client.must(getKeySet)) as unknown as KeySet,
      store: memoryKeyStore(),
      clock,
      log: silentLog,
    });
    const first = kidOf(tokens.access_token);
    const next = await rotateKeys(town.context);
    assert.deepEqual(await rotateKeys(town.context), next);
    assert.equal(Date.parse(next.active_from) - clock.now(), 15 * minuteMs);
    assert.deepEqual(await kidsOf(town.client), [first, next.kid]);
    await verifier.refresh();

    clock.advance(15 * minuteMs - 1);
    const last = (await signIn()).access_token;
    assert.equal(kidOf(last), first);
    clock.advance(1);
    const newest = (await signIn()).access_token;
    assert.equal(kidOf(newest), next.kid);
    for (const token of [last, newest]) {
      assert.equal((await verifier.verify(token)).user_id, user.id);
      assert.equal((await town.client.must(getMe, { token })).id, user.id);
    }

    await removeEndedKeys(town.context);
    assert.deepEqual(await kidsOf(town.client), [first, next.kid]);
    clock.advance(11 * minuteMs + 1);
    await removeEndedKeys(town.context);
    assert.deepEqual(await kidsOf(town.client), [next.kid]);
    await town.client.refused(401, getMe, { token: last });
    await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
  });

  it('replicas and restarts share keys and sessions', async (t) => {
    const { user, tokens } = await aCustomer(town);
    const replicas = await Promise.all([replica(), replica()]);
    t.after(() => Promise.all(replicas.map((replica) => replica.stop())));
    const [client] = replicas.map((replica) => createTestClient({ base_url: replica.url })) as [Client];
    assert.deepEqual(await kidsOf(client), await kidsOf(town.client));
    assert.equal((await client.must(getMe, { token: tokens.access_token })).id, user.id);
    const renewed = await client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    await town.client.must(getMe, { token: renewed.access_token });
  });

  it('under another internal token a new key is made at once, and what was signed before stays good', async (t) => {
    const { user, tokens } = await aCustomer(town);
    const moved = await replica({ internal_token: randomBytes(32).toString('hex') });
    t.after(() => moved.stop());
    const client = createTestClient({ base_url: moved.url });
    const renewed = await client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    assert.notEqual(kidOf(renewed.access_token), kidOf(tokens.access_token));
    for (const token of [tokens.access_token, renewed.access_token]) assert.equal((await client.must(getMe, { token })).id, user.id);
  });

  it('no private half is stored in the open', async () => {
    const rows = await town.context.db.query<{ sealed_private: Buffer }>('select sealed_private from signing_keys');
    // The identifier of Ed25519 in every unsealed PKCS 8 structure.
    for (const { sealed_private } of rows) assert.equal(sealed_private.includes(Buffer.from('06032b6570', 'hex')), false);
  });

  it('a key that another internal token has sealed is not answered as the next one', async (t) => {
    const waiting = await rotateKeys(town.context);
    const moved = await replica({ internal_token: randomBytes(32).toString('hex') });
    t.after(() => moved.stop());
    const next = await rotateKeys(moved.context);
    assert.notEqual(next.kid, waiting.kid);
    assert.deepEqual(await rotateKeys(moved.context), next);
  });

  it('a receipt is signed for services only, is no access token, and can be checked after its key is gone', async () => {
    const receipt: Receipt = {
      version: 1,
      issued_at: new Date(clock.now()).toISOString(),
      order: {
        id: '0198c5a4-0000-7000-8000-000000000001',
        order_number: 'S-10001',
        status: 'confirmed',
        cancel_reason: null,
        version: 3,
        placed_at: new Date(clock.now()).toISOString(),
        currency: 'EUR',
        total_amount: 12.5,
        items: [],
      },
      money: { provider: 'sandbox', charged: 12.5, refunded: 0, refund_pending: 0, charges: [], refunds: [] },
      stock: { state: 'held', pieces: [], held_at: null },
      checks: [],
    };
    const internal = { token: platformKeys(town.context.config.internal_token).internalToken('users') };
    const { jws } = await town.client.must(signReceipt, { ...internal, body: receipt });
    const { tokens } = await aCustomer(town);
    assert.equal((await town.client.refused(403, signReceipt, { token: tokens.access_token, body: receipt })).code, 'forbidden');
    const other = { ...receipt, sub: tokens.access_token } as Receipt;
    assert.equal((await town.client.refused(400, signReceipt, { ...internal, body: other })).code, 'validation_failed');
    assert.equal((await town.client.refused(401, getMe, { token: jws })).code, 'token_invalid');

    const verified = async (): Promise<unknown> => {
      const key = (await town.client.must(getReceiptKeys)).keys.find(({ kid }) => kid === kidOf(jws));
      assert.ok(key, 'its key is in the set');
      const { payload } = await compactVerify(jws, await importJWK({ ...key }, 'EdDSA'));
      return JSON.parse(new TextDecoder().decode(payload));
    };
    assert.deepEqual(await verified(), receipt);
    await rotateKeys(town.context);
    clock.advance(40 * minuteMs);
    await removeEndedKeys(town.context);
    assert.equal((await kidsOf(town.client)).includes(kidOf(jws)), false, 'no access token is good with it any more');
    assert.deepEqual(await verified(), receipt);
    const kept = (await town.client.must(getReceiptKeys)).keys.find(({ kid }) => kid === kidOf(jws));
    assert.ok(kept?.retired_at && kept.retired_at > kept.active_from);
  });
});

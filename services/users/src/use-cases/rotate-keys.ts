import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import {
  keySetOf,
  publishedAheadMs,
  receiptKeySetOf,
  removableBeforeMs,
  type SigningKey,
  signingOrder,
  waitingKey,
} from '../domain/signing-key.ts';
import { signingKeyMade, signingKeysRemoved } from '../events.ts';
import { insertSigningKey, listReceiptKeys, listSigningKeys, lockSigningKeys, removeKeysRetiredBefore } from '../store/signing-keys.ts';

export interface NewKey {
  kid: string;
  active_from: string;
}

/** Publishes a new signing key that takes over in 15 minutes; while one is waiting already, answers that one. No session ends. */
export async function rotateKeys(ctx: UsersContext): Promise<NewKey> {
  return withKeys(ctx, async (tx, keys, now_ms) => {
    // One that another internal token has sealed never signs.
    const usable = keys.filter((key) => ctx.signer.canSign(key.sealed_private));
    const waiting = waitingKey(usable, now_ms);
    return waiting ? { kid: waiting.kid, active_from: waiting.active_from } : addKey(ctx, tx, now_ms, now_ms + publishedAheadMs);
  });
}

/** Makes a key that is used at once where there is none that can sign: on the first start, or under another internal token. */
export async function ensureSigningKey(ctx: UsersContext): Promise<void> {
  await withKeys(ctx, async (tx, keys, now_ms) => {
    const usable = signingOrder(keys, now_ms).some((key) => ctx.signer.canSign(key.sealed_private));
    if (!usable) await addKey(ctx, tx, now_ms, now_ms);
  });
}

/** Removes the keys none of whose tokens is good any more. */
export async function removeEndedKeys(ctx: UsersContext): Promise<void> {
  const kids = await removeKeysRetiredBefore(ctx.db, timestamp(removableBeforeMs(ctx.clock.now())));
  if (kids.length === 0) return;
  signingKeysRemoved(ctx, kids);
  ctx.signer.forget();
  await ctx.verifier.refresh();
}

/** What verifiers read. */
export async function getKeySet(ctx: UsersContext) {
  return keySetOf(await listSigningKeys(ctx.db));
}

/** What receipts are checked with: keys that are gone are in it too. */
export async function getReceiptKeys(ctx: UsersContext) {
  return receiptKeySetOf(await listReceiptKeys(ctx.db));
}

async function withKeys<T>(ctx: UsersContext, work: (tx: Tx, keys: SigningKey[], now_ms: number) => Promise<T>): Promise<T> {
  const outcome = await ctx.db.transaction(async (tx) => {
    await lockSigningKeys(tx);
    return work(tx, await listSigningKeys(tx), ctx.clock.now());
  });
  ctx.signer.forget();
  await ctx.verifier.refresh();
  return outcome;
}

async function addKey(ctx: UsersContext, tx: Tx, now_ms: number, active_from_ms: number): Promise<NewKey> {
  const active_from = timestamp(active_from_ms);
  const key = ctx.signer.makeKey();
  await insertSigningKey(tx, { ...key, published_at: timestamp(now_ms), active_from });
  tx.onCommit(() => signingKeyMade(ctx, { kid: key.kid, active_from }));
  return { kid: key.kid, active_from };
}

import { getReceiptKeys, signReceipt } from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { getReceiptKeys as readReceiptKeys } from '../use-cases/rotate-keys.ts';

/** A new key is published long before its use, so that a set this old is good enough. */
const keySetCaching = { headers: { 'cache-control': 'public, max-age=300' } };
const unkept = { headers: { 'cache-control': 'no-store' } };

export const receiptRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(getReceiptKeys, async (ctx: UsersContext) => answer(200, await readReceiptKeys(ctx), keySetCaching)),
  // The body was validated: nothing but a receipt is signed here.
  serve(signReceipt, async (ctx: UsersContext, { body }) => answer(200, { jws: await ctx.signer.signReceipt(body) }, unkept)),
];

import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import { type Doing, secondFactorChanged } from '../events.ts';
import { lockSecondFactor, saveLastStep, useRecoveryCode } from '../store/second-factors.ts';

/** Whether this is a good code of the account, or one of its recovery codes; each is good once, also for two who show it at the same moment. */
export function useSignInCode(ctx: UsersContext, user_id: string, code: string, origin: Omit<Doing, 'user_id'>): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    if (await useAppCode(ctx, tx, user_id, code)) return true;
    if (!(await useRecoveryCode(tx, user_id, ctx.codes.recoveryHash(code)))) return false;
    tx.onCommit(() => secondFactorChanged(ctx, 'recovery_code_used', { user_id, ...origin }));
    return true;
  });
}

/** Whether this is the code of the app for about now. It and those before it are not taken again. */
export async function useAppCode(ctx: UsersContext, tx: Tx, user_id: string, code: string): Promise<boolean> {
  const factor = await lockSecondFactor(tx, user_id);
  const secret = factor && ctx.digests.open('second factors', factor.sealed_secret);
  const step = secret && ctx.codes.stepOf(secret, code, ctx.clock.now());
  if (factor === undefined || step === undefined || step <= factor.last_step) return false;
  await saveLastStep(tx, user_id, step);
  return true;
}

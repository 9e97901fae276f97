import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { UsersContext } from '../context.ts';
import { insertResetRequest, takeResetRequests } from '../store/message-tokens.ts';
import { requestMessage } from './request-message.ts';

/** Name of the job that answers the requests. */
export const resetRequestsJobName = 'answer-reset-requests';
const batchMax = 50;

/** Notes that somebody wants a new password. Whether there is such an account is looked up later: nobody can tell from the time it takes. */
export async function requestPasswordReset(ctx: UsersContext, email: string, cause: Cause): Promise<void> {
  await insertResetRequest(ctx.db, { id: ctx.ids.uuid(), email, cause, created_at: timestamp(ctx.clock.now()) });
  ctx.wakeJob(resetRequestsJobName);
}

/** Has links sent for the requests whose address is an account's, and forgets all of them. True when there may be more. */
export async function answerResetRequests(ctx: UsersContext): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const requests = await takeResetRequests(tx, batchMax);
    for (const { user_id, cause } of requests) if (user_id !== null) await requestMessage(ctx, tx, user_id, 'password_reset', cause);
    return requests.length === batchMax;
  });
}

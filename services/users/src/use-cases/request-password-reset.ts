import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { UsersContext } from '../context.ts';
import { passwordResetRequested } from '../events.ts';
import { findAccountByLogin, lockAccounts } from '../store/accounts.ts';
import { insertResetRequest, takeResetRequests } from '../store/message-tokens.ts';
import { requestMessage } from './request-message.ts';

/** Name of the job that answers the requests. */
export const resetRequestsJobName = 'answer-reset-requests';
const batchMax = 50;

/** Stores the request for a new password. Whether there is such an account is looked up later: the time of the answer does not disclose it. */
export async function requestPasswordReset(ctx: UsersContext, email: string, cause: Cause): Promise<void> {
  await insertResetRequest(ctx.db, { id: ctx.ids.uuid(), email, cause, created_at: timestamp(ctx.clock.now()) });
  ctx.wakeJob(resetRequestsJobName);
}

/** Has links sent for the requests whose address is an account's, and forgets all of them. True when there may be more. */
export async function answerResetRequests(ctx: UsersContext): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const requests = await takeResetRequests(tx, batchMax);
    const wanted = new Map<string, Cause>();
    for (const { email, cause } of requests) {
      const account = await findAccountByLogin(tx, email);
      if (account) wanted.set(account.id, cause);
    }
    // Locked, and in order of id: an account that is erased at this moment gets no link.
    const locked = await lockAccounts(tx, [...wanted.keys()], { admins: false });
    for (const [user_id, cause] of wanted) {
      const account = locked.find(user_id);
      if (account === undefined || account.erased_at !== null) continue;
      await requestMessage(ctx, tx, account, 'password_reset', cause);
      tx.onCommit(() => passwordResetRequested(ctx, user_id));
    }
    return requests.length === batchMax;
  });
}

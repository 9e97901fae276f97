import type { UsersContext } from '../context.ts';
import { notFound } from '../domain/account.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { doingOf, sessionsEnded } from '../events.ts';
import { endSessions } from '../store/sessions.ts';
import { noteStaffAction } from './note-staff-action.ts';
import { lockActor } from './read-actor.ts';

/** Ends all sessions of an account, for an administrator. Access tokens that are out are good elsewhere until they end by themselves. */
export async function endSessionsOf(ctx: UsersContext, requester: Requester, user_id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { actor, account } = await lockActor(ctx, tx, requester, { user_id });
    checkRole(actor, 'admin');
    if (account === undefined || account.erased_at !== null) throw notFound();
    await endSessions(tx, user_id);
    if (user_id !== requester.user_id) await noteStaffAction(ctx, tx, requester, { action: 'sessions_ended', user_id });
    tx.onCommit(() => sessionsEnded(ctx, 'ended_by_admin', doingOf(requester, user_id)));
  });
}

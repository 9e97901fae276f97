import type { OpenSession } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import type { Requester } from '../domain/requester.ts';
import { doingOf, sessionsEnded } from '../events.ts';
import { endSessions, listLivingSessions } from '../store/sessions.ts';
import { lockActor, readActor } from './read-actor.ts';

/** The requester's own sessions that go on. Refuses with `token_invalid`. */
export async function listSessions(ctx: UsersContext, requester: Requester): Promise<OpenSession[]> {
  await readActor(ctx, requester);
  const found = await listLivingSessions(ctx.db, { user_id: requester.user_id, now: timestamp(ctx.clock.now()) });
  return found.map((session) => ({ ...session, current: session.id === requester.session_id }));
}

/** Ends all sessions of the requester's account but the one that asks. Refuses with `token_invalid`. */
export async function endOtherSessions(ctx: UsersContext, requester: Requester): Promise<void> {
  const { user_id, session_id } = requester;
  await ctx.db.transaction(async (tx) => {
    await lockActor(ctx, tx, requester, { user_id });
    await endSessions(tx, user_id, session_id);
    tx.onCommit(() => sessionsEnded(ctx, 'sign_out_everywhere', doingOf(requester, user_id)));
  });
}

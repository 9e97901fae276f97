import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import { removeEndedApiKeys } from '../store/api-keys.ts';
import { removeEndedFailures, removeSurplusFailures } from '../store/login-failures.ts';
import { removeEndedCounts } from '../store/message-counts.ts';
import { removeEndedTokens } from '../store/message-tokens.ts';
import { removeEndedSessions } from '../store/sessions.ts';
import { removeStaffActions } from '../store/staff.ts';

const batchMax = 5_000;
/** A message that is sent very late still learns that its link has ended. */
const tokensKeptMs = 604_800_000;
/** Histories name keys by id; what one was called can be looked up so long. */
const apiKeysKeptMs = 31_536_000_000;
const staffActionsKeptMs = 31_536_000_000;

/** Removes what has ended: sessions, links, API keys, what staff did, failed sign-ins. True when there may be more. */
export async function forgetEnded(ctx: UsersContext): Promise<boolean> {
  const now_ms = ctx.clock.now();
  const now = timestamp(now_ms);
  const removed = [
    await removeEndedSessions(ctx.db, now, batchMax),
    await removeEndedTokens(ctx.db, timestamp(now_ms - tokensKeptMs), batchMax),
    await removeEndedApiKeys(ctx.db, timestamp(now_ms - apiKeysKeptMs), batchMax),
    await removeStaffActions(ctx.db, timestamp(now_ms - staffActionsKeptMs), batchMax),
    await removeEndedFailures(ctx.db, now, batchMax),
    await removeEndedCounts(ctx.db, now, batchMax),
    await removeSurplusFailures(ctx.db, ctx.config.login_records_max, batchMax),
  ];
  return removed.includes(batchMax);
}

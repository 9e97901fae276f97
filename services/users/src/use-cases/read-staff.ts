import type { StaffAccount, StaffAction } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import { checkRole, type Requester } from '../domain/requester.ts';
import { listStaff, listStaffActions, type StaffPage } from '../store/staff.ts';
import { readActor } from './read-actor.ts';

/** A page of something, and the id to go on from. */
export interface Found<Entry> {
  entries: Entry[];
  next: string | undefined;
}

/** Staff and administrators; for accounts that are administrators at this moment. Refuses with `forbidden`, `token_invalid`. */
export async function readStaff(ctx: UsersContext, requester: Requester, page: StaffPage): Promise<Found<StaffAccount>> {
  checkRole(await readActor(ctx, requester), 'admin');
  return cut(await listStaff(ctx.db, { ...page, limit: page.limit + 1, now: timestamp(ctx.clock.now()) }), page.limit);
}

/** What they did. Refuses as `readStaff` does. */
export async function readStaffActions(
  ctx: UsersContext,
  requester: Requester,
  page: StaffPage & { by: string | undefined },
): Promise<Found<StaffAction>> {
  checkRole(await readActor(ctx, requester), 'admin');
  return cut(await listStaffActions(ctx.db, { ...page, limit: page.limit + 1 }), page.limit);
}

/** One more than the limit was read to know whether there are more. */
function cut<Entry extends { id: string }>(rows: readonly Entry[], limit: number): Found<Entry> {
  const entries = rows.slice(0, limit);
  return { entries, next: rows.length > limit ? entries.at(-1)?.id : undefined };
}

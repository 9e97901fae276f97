import type { StaffAction } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import type { Requester } from '../domain/requester.ts';
import { insertStaffAction } from '../store/staff.ts';

/** Writes down, in the transaction of what was done, who did it. What people do to their own accounts is not noted. */
export async function noteStaffAction(
  { ids, clock }: UsersContext,
  tx: Tx,
  { user_id: by }: Requester,
  done: Pick<StaffAction, 'action' | 'user_id'> & { object?: string },
): Promise<void> {
  const { action, user_id, object = null } = done;
  await insertStaffAction(tx, { id: ids.uuid(), at: timestamp(clock.now()), by, action, user_id, object });
}

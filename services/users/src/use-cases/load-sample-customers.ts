import { timestamp } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import { unusableHash } from '../domain/account.ts';
import { findTaken } from '../store/accounts.ts';
import { reachMilestone } from '../store/milestones.ts';
import { openAccount } from './open-account.ts';

const people: readonly (readonly [username: string, full_name: string, phone: string | undefined])[] = [
  ['amara.okafor', 'Amara Okafor', '+2348012345670'],
  ['bruno.silva', 'Bruno Silva', '+351211234567'],
  ['chiara.rossi', 'Chiara Rossi', undefined],
  ['daniel.weber', 'Daniel Weber', '+493012345678'],
  ['emma.larsen', 'Emma Larsen', undefined],
  ['farid.haddad', 'Farid Haddad', '+96112345678'],
  ['grace.murphy', 'Grace Murphy', '+35312345678'],
  ['hana.sato', 'Hana Satō', undefined],
];

/** Customers for a shop to look at; they cannot sign in. Only the first call does anything; answers how many were made. */
export async function loadSampleCustomers(ctx: UsersContext): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    if (!(await reachMilestone(tx, 'sample_customers', timestamp(ctx.clock.now())))) return 0;
    const cause = { correlation_id: ctx.ids.uuid(), actor: 'system' };
    let made = 0;
    for (const [username, full_name, phone] of people) {
      const email = `${username}@mail.example`;
      const taken = await findTaken(tx, username, email);
      if (taken.username || taken.email) continue;
      const wanted = { username, email, full_name, phone, role: 'customer' as const, email_verified: true, password_hash: unusableHash };
      await openAccount(ctx, tx, wanted, 'sample', cause);
      made += 1;
    }
    return made;
  });
}

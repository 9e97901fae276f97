import type { UsersContext } from '../context.ts';
import { administratorIds } from '../store/accounts.ts';

const administratorsMax = 100;

/** The ids of those who administer the shop. */
export async function listAdministrators({ db }: UsersContext): Promise<string[]> {
  return (await administratorIds(db, administratorsMax)).map(({ id }) => id);
}

/** The accounts a platform has from its first start: one for each role, with passwords made here and kept in its home. */
import { systemIds } from '@souk/kernel';
import { keptText } from './secrets.ts';

export type AccountRole = 'customer' | 'staff' | 'admin';

export interface Account {
  role: AccountRole;
  username: string;
  email: string;
  full_name: string;
  password: string;
}

const passwordBytes = 15;
const people: readonly Omit<Account, 'password'>[] = [
  { role: 'admin', username: 'admin', email: 'admin@souk.example', full_name: 'Ada Administrator' },
  { role: 'staff', username: 'staff', email: 'staff@souk.example', full_name: 'Stella Staff' },
  { role: 'customer', username: 'customer', email: 'customer@souk.example', full_name: 'Carla Customer' },
];

/** The accounts of this home; `created` says that they are new. */
export async function keptAccounts(home: string): Promise<{ accounts: Account[]; created: boolean }> {
  const make = (): string =>
    JSON.stringify(
      people.map((person) => ({ ...person, password: systemIds.secret(passwordBytes) })),
      null,
      2,
    );
  const { text, created } = await keptText(home, 'accounts.json', make);
  return { accounts: JSON.parse(text) as Account[], created };
}

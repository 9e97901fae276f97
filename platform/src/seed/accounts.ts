/** The accounts a platform has from its first start: one for each role, with passwords made here and kept in its home. */
import { systemIds } from '@souk/kernel';
import { keepText, readKept } from './secrets.ts';

export type AccountRole = 'customer' | 'staff' | 'admin';

export interface Account {
  role: AccountRole;
  username: string;
  email: string;
  full_name: string;
  password: string;
}

const fileName = 'accounts.json';
const passwordBytes = 15;
const people: readonly Omit<Account, 'password'>[] = [
  { role: 'admin', username: 'admin', email: 'admin@souk.example', full_name: 'Ada Administrator' },
  { role: 'staff', username: 'staff', email: 'staff@souk.example', full_name: 'Stella Staff' },
  { role: 'customer', username: 'customer', email: 'customer@souk.example', full_name: 'Carla Customer' },
];

export interface KeptAccounts {
  accounts: Account[];
  /** Their passwords are new: nothing was kept, or nothing that can be read as accounts. */
  created: boolean;
  /** Writes them down, once they are what the users service knows; a process that dies before makes new ones at the next start. */
  keep(): Promise<void>;
}

/** The accounts of this home. */
export async function keptAccounts(home: string): Promise<KeptAccounts> {
  const known = readAccounts(await readKept(home, fileName));
  const accounts = known ?? people.map((person) => ({ ...person, password: systemIds.secret(passwordBytes) }));
  const keep = (): Promise<void> => keepText(home, fileName, JSON.stringify(accounts, null, 2));
  return { accounts, created: known === undefined, keep: known === undefined ? keep : async () => undefined };
}

function readAccounts(text: string | undefined): Account[] | undefined {
  try {
    const kept = JSON.parse(text ?? 'null') as Account[] | null;
    const isWhole = people.every(({ role }) => kept?.some((account) => account.role === role && account.username && account.password));
    return isWhole ? (kept ?? undefined) : undefined;
  } catch {
    // Written half, or by hand: as good as lost.
    return undefined;
  }
}

/** What a shop has from its first start: its accounts, and unless unwanted a sample catalogue and customers. */

import { loadSample } from '@souk/products';
import { ensureAccount, loadSampleCustomers } from '@souk/users';
import type { KeptAccounts } from './accounts.ts';
import type { Constellation } from './constellation.ts';

export interface Furniture {
  /** Kept from then on, when they are new. */
  kept: KeptAccounts;
  sample: boolean;
  progress(sentence: string): void;
}

/** Idempotent: what is there already stays as it is. */
export async function furnish(constellation: Constellation, { kept, sample, progress }: Furniture): Promise<void> {
  const users = constellation.service('users').context as Parameters<typeof ensureAccount>[0];
  for (const account of kept.accounts) await ensureAccount(users, account, kept.created);
  await kept.keep();
  if (!sample) return;
  progress('filling the shelves with the sample catalogue');
  await loadSample(constellation.service('products').context as Parameters<typeof loadSample>[0]);
  await loadSampleCustomers(users);
}

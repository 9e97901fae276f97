/** What a shop has from its first start: its accounts, and unless unwanted a sample catalogue and customers. */
import { loadSample } from '@souk/products';
import { ensureAccount, loadSampleCustomers } from '@souk/users';
import type { Platform } from '../one-process/start-platform.ts';
import type { KeptAccounts } from './accounts.ts';

export interface SeedOptions {
  /** Kept from then on, when they are new. */
  kept: KeptAccounts;
  sample: boolean;
  progress(sentence: string): void;
}

/** The contexts of the services that are written to. */
export interface Seeded {
  users: Parameters<typeof ensureAccount>[0];
  products: Parameters<typeof loadSample>[0];
}

/** Writes as the services' own code does, events included. Idempotent: what is there already stays as it is. */
export async function seed({ users, products }: Seeded, { kept, sample, progress }: SeedOptions): Promise<void> {
  for (const account of kept.accounts) await ensureAccount(users, account, kept.created);
  await kept.keep();
  if (!sample) return;
  progress('filling the shelves with the sample catalogue');
  await loadSample(products);
  await loadSampleCustomers(users);
}

/** The same for a platform in this process. */
export function seedPlatform(platform: Platform, options: SeedOptions): Promise<void> {
  const [users, products] = [platform.service('users').context, platform.service('products').context];
  return seed({ users, products } as Seeded, options);
}

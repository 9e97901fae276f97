/** Where the key set of receipts comes from: a file that is named, or the home, which keeps the last one its shop has shown. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@souk/client';
import { getReceiptKeys, type ReceiptKeySet, refusal } from '@souk/contracts';
import { replaceFile } from '@souk/kernel/files';
import { findRunning } from '../running.ts';

const fileName = 'receipt-keys.json';
const timeoutMs = 5_000;
const readableByAll = 0o644;

/** The key set of a file. Throws `keys_unavailable` where it is none. */
export async function keysOfFile(path: string): Promise<ReceiptKeySet> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refusal('keys_unavailable', `The key set ${JSON.stringify(path)} cannot be read (${error.message}).`, {}, error);
  });
  const set = parsed(text);
  if (!set) throw refusal('keys_unavailable', `${JSON.stringify(path)} is not a key set as /.well-known/receipt-keys.json answers it.`);
  return set;
}

/** Of the shop in this home: fresh where it runs, which also renews the copy in the home; else that copy. Throws `keys_unavailable`. */
export async function keysOfHome(home: string): Promise<ReceiptKeySet> {
  const path = join(home, fileName);
  const running = await findRunning(home);
  const users_url = running?.urls['users'];
  if (users_url !== undefined) {
    const answer = await createClient({ base_url: users_url, retries: 0 })
      .must(getReceiptKeys, { timeout_ms: timeoutMs })
      .catch(() => undefined);
    if (answer) {
      await replaceFile(path, `${JSON.stringify(answer, null, 2)}\n`, { mode: readableByAll });
      return answer;
    }
  }
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  const set = kept === undefined ? undefined : parsed(kept);
  if (!set)
    throw refusal(
      'keys_unavailable',
      `There is no key set in ${home}. Start the shop there, or name a file that /.well-known/receipt-keys.json was saved to with --keys FILE.`,
    );
  return set;
}

function parsed(text: string): ReceiptKeySet | undefined {
  try {
    const set = JSON.parse(text) as ReceiptKeySet | null;
    const isSet =
      Array.isArray(set?.keys) &&
      set.keys.every((key) => [key?.kid, key?.x, key?.active_from].every((member) => typeof member === 'string'));
    return isSet ? set : undefined;
  } catch {
    // Not JSON, which the caller says.
    return undefined;
  }
}

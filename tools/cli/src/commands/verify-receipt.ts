/** `souk verify-receipt`: whether a receipt is genuine, without asking the shop about the order. */
import { open } from 'node:fs/promises';
import { refusal } from '@souk/contracts';
import { readConfig } from '../config.ts';
import { checkReceipt } from '../receipt/check-receipt.ts';
import { keysOfFile, keysOfHome } from '../receipt/receipt-keys.ts';
import { receiptText } from '../receipt/receipt-text.ts';

const receiptBytesMax = 1_048_576;
const notGenuine = 1;

/** 0: genuine, 1: not. What cannot be checked is a refusal. */
export async function verifyReceipt(path: string, keys_path: string | undefined): Promise<number> {
  const text = await readReceipt(path);
  const set = keys_path === undefined ? await keysOfHome(readConfig().home) : await keysOfFile(keys_path);
  const check = checkReceipt(text, set);
  if (check.kind === 'genuine') {
    process.stdout.write(receiptText(check.receipt, check.kid));
    return 0;
  }
  process.stderr.write(`souk: The receipt is not genuine: ${check.why}.\n`);
  return notGenuine;
}

async function readReceipt(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw refusal('not_found', `${JSON.stringify(path)} is not a file.`);
      if (stats.size > receiptBytesMax) throw refusal('not_found', `${JSON.stringify(path)} is too large for a receipt.`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw refusal('not_found', `The receipt ${JSON.stringify(path)} cannot be read (${error.message}).`, {}, error);
  }
}

/** The list of common passwords, most common first, that `@zxcvbn-ts/language-common` publishes. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CommonPasswords } from '../domain/required-interfaces.ts';

const mostCommon = 10_000;
/** Beyond the most common ones, those are kept that are long enough to be taken. */
const lengthMin = 10;

/** The file is read when it is asked for first, and then kept. */
export function openCommonPasswords(): CommonPasswords {
  let words: Promise<ReadonlySet<string>> | undefined;
  return {
    load() {
      words ??= readWords();
      return words;
    },
  };
}

async function readWords(): Promise<ReadonlySet<string>> {
  const path = fileURLToPath(import.meta.resolve('@zxcvbn-ts/language-common/src/passwords.json'));
  const all = JSON.parse(await readFile(path, 'utf8')) as string[];
  return new Set(all.filter((word, rank) => rank < mostCommon || word.length >= lengthMin));
}

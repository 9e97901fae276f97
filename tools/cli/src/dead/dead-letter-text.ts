/** Dead letters for people. */
import { stripVTControlCharacters } from 'node:util';
import { oneLine, tableOf } from '../table.ts';
import type { ListedLetter } from './dead-letter-desk.ts';

const columns = ['ID', 'DIED', 'QUEUE', 'REASON', 'ATTEMPTS', 'EVENT', 'DETAIL'] as const;

/** One line for each letter; the detail gets what is left of the width. */
export function letterTable(
  letters: readonly ListedLetter[],
  { more, colours, width }: { more: boolean; colours: boolean; width?: number | undefined },
): string {
  if (letters.length === 0) return 'There are no dead letters.\n';
  const rows = letters.map((letter) => [
    letter.id,
    letter.died_at.slice(0, 19).replace('T', ' '),
    letter.queue,
    letter.reason,
    String(letter.attempts),
    letter.event_type ?? '-',
    oneLine(letter.detail),
  ]);
  const rest = more ? `\nThere are more; --limit shows them.` : '';
  return `${tableOf(columns, rows, { colours, width })}${rest}\n`;
}

/** Everything known of one letter, its message at the end. */
export function letterText(letter: ListedLetter): string {
  const { body, ...members } = letter;
  const lines = Object.entries(members).map(([name, value]) => `${name.padEnd(16)}${value === null ? '-' : oneLine(String(value))}`);
  return `${lines.join('\n')}\n\n${readable(body)}\n`;
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Not JSON: that may be why it died. As it came, without what steers a terminal.
    return stripVTControlCharacters(body).replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
  }
}

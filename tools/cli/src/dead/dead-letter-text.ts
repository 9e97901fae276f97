/** Dead letters for people. */
import { stripVTControlCharacters } from 'node:util';
import type { ListedLetter } from './dead-letter-desk.ts';

const widthDefault = 140;
const detailWidthLeast = 20;
const columns = ['ID', 'DIED', 'QUEUE', 'REASON', 'ATTEMPTS', 'EVENT', 'DETAIL'] as const;

/** One line for each letter; the detail gets what is left of the width. */
export function letterTable(
  letters: readonly ListedLetter[],
  { more, colours, width = widthDefault }: { more: boolean; colours: boolean; width?: number | undefined },
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
  const widths = columns.map((title, index) => Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)));
  const taken = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  const detailWidth = Math.max(detailWidthLeast, width - taken);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === cells.length - 1 ? cut(cell, detailWidth) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const head = colours ? `\x1b[1m${line(columns)}\x1b[22m` : line(columns);
  const rest = more ? `\nThere are more; --limit shows them.` : '';
  return `${[head, ...rows.map(line)].join('\n')}${rest}\n`;
}

/** Everything known of one letter, its message at the end. */
export function letterText(letter: ListedLetter): string {
  const { body, ...members } = letter;
  const lines = Object.entries(members).map(([name, value]) => `${name.padEnd(16)}${value === null ? '-' : oneLine(String(value))}`);
  return `${lines.join('\n')}\n\n${readable(body)}\n`;
}

/** What a stranger put into a message must not steer the terminal. */
function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, ' ');
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Not JSON: that may be why it died. As it came, without what steers a terminal.
    return stripVTControlCharacters(body).replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
  }
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Tables for a terminal. */
import { stripVTControlCharacters } from 'node:util';

const widthDefault = 140;
const lastWidthLeast = 20;

export interface TableOptions {
  colours: boolean;
  width?: number | undefined;
}

/** One line for each row under its titles; the last column gets what is left of the width. */
export function tableOf(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { colours, width = widthDefault }: TableOptions,
): string {
  const widths = columns.map((title, index) => Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)));
  const taken = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  const lastWidth = Math.max(lastWidthLeast, width - taken);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === cells.length - 1 ? cut(cell, lastWidth) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const head = colours ? `\x1b[1m${line(columns)}\x1b[22m` : line(columns);
  return [head, ...rows.map(line)].join('\n');
}

/** What others have written must not steer the terminal. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, ' ');
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

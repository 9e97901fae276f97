/**
 * The fenced blocks of a page of documentation that a reader types or compares:
 *
 * - `sh`: commands, typed in order; `sh fails` when the last of them is meant to fail, `sh untested` when a machine of tests cannot run them;
 * - `text` behind commands: what they print; `…` stands for anything, ids and times are those of another run;
 * - any language with `file=PATH`: the whole of that file;
 * - `diff file=PATH`: lines of that file that are replaced; lines without a sign are there before and after.
 */
import { stripVTControlCharacters } from 'node:util';

export interface FencedBlock {
  page: string;
  /** Line of the opening fence. */
  line: number;
  language: string;
  flags: readonly string[];
  /** The file that the block is about. */
  file: string | undefined;
  /** Paragraph before the block. */
  before: string;
  text: string;
}

const fence = /^```(\S*)(.*)\n([\s\S]*?)^```$/gm;

export function fencedBlocks(page: string, markdown: string): FencedBlock[] {
  return [...markdown.matchAll(fence)].map((match) => {
    const [, language = '', info = '', text = ''] = match;
    const words = info.trim().split(/\s+/);
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    const above = markdown.slice(0, match.index);
    return {
      page,
      line: above.split('\n').length,
      language,
      flags: words.filter((word) => word !== '' && !word.includes('=')),
      file,
      before: above.trimEnd().split(/\n\n/).at(-1) ?? '',
      text,
    };
  });
}

/** Whether the printed text is what the page shows, ids, times and durations aside. */
export function isAsShown(shown: string, printed: string): boolean {
  const lines = settled(shown).trim().split('\n');
  const patterns = lines.map((line) => (line.trim() === '…' ? anyLines : `${line.trimEnd().split('…').map(RegExp.escape).join('.*')}\n`));
  return new RegExp(`^${patterns.join('')}$`).test(`${settled(printed).trim()}\n`);
}

const anyLines = '(?:[^\\n]*\\n)*?';

/** What differs from run to run, in one form; a port of another length moves the columns behind it. */
function settled(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME')
    .replaceAll(/\b\d+(?:\.\d+)? m?s\b/g, 'DURATION')
    .replaceAll(/(?<=\S)[ \t]{2,}/g, '  ')
    .replaceAll(/[ \t\r]+$/gm, '');
}

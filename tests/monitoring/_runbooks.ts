/** The runbooks taken apart: what is to be typed, and which metrics they name. */
import { readdir, readFile } from 'node:fs/promises';
import { required } from '@souk/kernel';
import { runbookFolder } from './_committed.ts';

export interface Runbook {
  file: string;
  text: string;
  /** What stands under "What to do", in one line. */
  steps: string;
  /** The commands under "Look at first": they change nothing. */
  look: readonly string[];
  /** Every line of every block for a shell, and every command named in a sentence. */
  commands: readonly string[];
}

export async function readRunbooks(): Promise<Runbook[]> {
  const files = (await readdir(runbookFolder)).filter((file) => file.endsWith('.md')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, runbookFolder), 'utf8');
      const [, first = ''] = /\n## Look at first\n(.*?)(?=\n## |$)/s.exec(text) ?? [];
      const [, steps = ''] = /\n## What to do\n(.*?)(?=\n## |$)/s.exec(text) ?? [];
      const named = [...text.matchAll(/`((?:npm|curl|docker compose|souk) [^`]+)`/g)].map(([, command = '']) => command);
      return { file, text, steps: inOneLine(steps), look: linesOf(first), commands: [...linesOf(text), ...named] };
    }),
  );
}

export const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** The statement of a runbook that has these words in it, as it is typed into a client of PostgreSQL. */
export async function statementOf(file: string, words: string): Promise<string> {
  const text = await readFile(new URL(file, runbookFolder), 'utf8');
  const statements = [...text.matchAll(/```sql\n(.*?)```/gs)].flatMap(([, block = '']) => block.split(/;\s*(?:\n|$)/));
  return required(
    statements.find((statement) => statement.includes(words)),
    `a statement with ${words} in ${file}`,
  );
}

function linesOf(text: string): string[] {
  return [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));
}

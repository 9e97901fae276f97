/** The runbooks taken apart: what is to be typed, and which metrics they name. */
import { readdir, readFile } from 'node:fs/promises';
import { runbookFolder } from './_committed.ts';

export interface Runbook {
  file: string;
  text: string;
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
      const named = [...text.matchAll(/`((?:npm|curl|docker compose|souk) [^`]+)`/g)].map(([, command = '']) => command);
      return { file, text, look: linesOf(first), commands: [...linesOf(text), ...named] };
    }),
  );
}

function linesOf(text: string): string[] {
  return [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));
}

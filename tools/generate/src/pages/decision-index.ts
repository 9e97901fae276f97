/** The index of the decision records, made of their headings. */
import { readdirSync, readFileSync } from 'node:fs';
import { page, table } from '../markdown.ts';

const heading = /^# \d+\. (.+)$/m;
const state = /^Status: (.+)$/m;

export function decisionIndex(root: URL): string {
  const folder = new URL('docs/adr/', root);
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort();
  const rows = files.map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return [`[${Number(name.slice(0, 4))}](${name})`, first(heading, text, name), first(state, text, name).replace(/\.$/, '')];
  });
  return page(
    'Decision records',
    'Each says what was decided, what else was considered, and what follows. A record is not rewritten when things change: a later one names it. Numbers that are missing were never used.',
    table(['Number', 'Decision', 'Status'], rows),
    'A new record: `docs/adr/NNNN-what-was-decided.md` with a heading `# N. Sentence`, a line `Status: accepted, month year`, and the sections Context, Options, Decision, Consequences; then `npm run generate`.',
  );
}

function first(pattern: RegExp, text: string, name: string): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new TypeError(`docs/adr/${name} has no line ${pattern.source}`);
  return found;
}

import { posix } from 'node:path';
import { lineAt, type Rule, type SourceFile, type Violation } from '../source-file.ts';

const manifest = /^packages\/[^/]+\/package\.json$/;
const exportList = /export\s*\{([^}]*)\}\s*from\s*'(\.[^']+)'/g;
const exportedFunction =
  /(?:^|\n)([^\n]*)\n(?:export (?:async )?function\*? (\w+)|export const (\w+)(?:: [^=\n]+)? = (?:async )?(?:<[^\n]*>)?\([^\n]*=>)/g;

function entriesOf(file: SourceFile): string[] {
  const parsed = JSON.parse(file.text) as { exports?: Record<string, string> };
  return Object.values(parsed.exports ?? {}).map((entry) => posix.join(posix.dirname(file.path), entry));
}

/** Names that an entry hands out, by the file that defines them. */
function publicNames(entry: SourceFile): [path: string, name: string][] {
  return [...entry.text.matchAll(exportList)].flatMap(([, names = '', from = '']) => {
    const path = posix.join(posix.dirname(entry.path), from);
    return names.split(',').map((name): [string, string] => [path, (name.trim().split(/\s+as\s+/)[0] ?? '').replace(/^type\s+/, '')]);
  });
}

function undocumented(file: SourceFile, names: ReadonlySet<string>): Violation[] {
  return [...file.text.matchAll(exportedFunction)].flatMap((match) => {
    const [, before = '', declared, assigned] = match;
    const name = declared ?? assigned ?? '';
    const overload = before.startsWith('export function');
    if (!names.has(name) || before.trimEnd().endsWith('*/') || overload) return [];
    const line = lineAt(file.text, match.index) + 2;
    return [{ path: file.path, line, message: `${name} is public and has no doc comment; say what it does, its units and what it throws` }];
  });
}

/** Every function that a package hands out says in a sentence what it is for. */
export const publicDocumented: Rule = {
  name: 'public-documented',
  check: (files) => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const entries = files.filter((file) => manifest.test(file.path)).flatMap(entriesOf);
    const names = new Map<string, Set<string>>();
    for (const path of entries) {
      const entry = byPath.get(path);
      if (entry === undefined) continue;
      for (const [from, name] of publicNames(entry)) names.set(from, (names.get(from) ?? new Set()).add(name));
    }
    return [...names].flatMap(([path, wanted]) => {
      const file = byPath.get(path);
      return file === undefined ? [] : undocumented(file, wanted);
    });
  },
};

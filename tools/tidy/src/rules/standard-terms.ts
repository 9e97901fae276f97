import { codeOnly, lineAt, type Rule, type SourceFile, type Violation } from '../source-file.ts';
import { type PrivateWord, privateWords } from './private-words.ts';

const source = /^(packages|platform|services|tools|tests|bench)\/.*\.(ts|mjs)$/;
/** What ships; the titles of tests are free. */
const ships = /^(packages|platform|services)\/[a-z-]+\/src\/(?!testing\/)(?!.*\.test\.ts$)/;
/** They name the private words themselves. */
const dictionaries: ReadonlySet<string> = new Set(['tools/tidy/src/rules/private-words.ts', 'tools/tidy/src/rules/standard-terms.ts']);

/** Members of answers that are private words only where something else is called so; reading one, `status.world`, is no naming. */
const answerMembers: ReadonlySet<string> = new Set(['world']);

const identifiers = /[A-Za-z_$][\w$]*/g;
/** A sentence: a string with a space in it, but not SQL and not an expression over metrics. */
const sentences = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`/g;
const expressions = /souk_|^(GET|PUT|POST|DELETE) \/|\b(select|insert into|update|delete from)\b.*\b(from|set|values|where)\b/is;

function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
    .join(' ')
    .toLowerCase();
}

/** The private words of one kind at one path, as one pattern for each, found as whole words. */
function patterns(kind: 'name' | 'text', path: string): { pattern: RegExp; word: string; instead: string }[] {
  const found = privateWords.filter((one): one is PrivateWord & Record<typeof kind, string> => one[kind] !== undefined);
  return found
    .filter(({ where }) => where === undefined || where.test(path))
    .map((one) => ({ pattern: new RegExp(`(?<![\\w-]|dead )${one[kind]}(?![\\w-])`, 'i'), word: one[kind], instead: one.instead }));
}

/** The sentences of a comment, without the code that it quotes. */
function proseOf(comment: string): string {
  return comment
    .replace(/`[^`]*`/g, '')
    .replace(/^\/[*/]+[\s*]*|\s*\n\s*\*?\s*|\s*\*\/$/g, ' ')
    .trim();
}

function checkFile(file: SourceFile): Violation[] {
  const code = codeOnly(file.text);
  const refused: Violation[] = [];
  const refuse = (line: number, found: string, { word, instead }: { word: string; instead: string }): void =>
    void refused.push({
      path: file.path,
      line,
      message: `"${word}" in ${JSON.stringify(found)} is a private word; the field says: ${instead}`,
    });

  const named = patterns('name', file.path);
  const seen = new Set<string>();
  const checkName = (name: string, line: number): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const words = wordsOf(name);
    for (const one of named) if (one.pattern.test(words)) refuse(line, name, one);
  };
  for (const segment of file.path.split('/')) checkName(segment.replace(/^[._]|\.[^/]*$/g, ''), 1);
  for (const { 0: name, index } of code.matchAll(identifiers))
    if (code[index - 1] !== '.' || !answerMembers.has(name)) checkName(name, lineAt(code, index));

  const said = patterns('text', file.path);
  for (const match of file.text.matchAll(sentences)) {
    const text = /^\/[*/]/.test(match[0]) ? proseOf(match[0]) : (match.slice(1).find((one) => one !== undefined) ?? '');
    if (!ships.test(file.path) || !text.includes(' ') || expressions.test(text)) continue;
    for (const one of said) if (one.pattern.test(text)) refuse(lineAt(file.text, match.index), text.slice(0, 80), one);
  }
  return refused;
}

/** One vocabulary, the field's: a name, a sentence or a comment that only this house understands keeps newcomers out. */
export const standardTerms: Rule = {
  name: 'standard-terms',
  check: (files) => files.filter(({ path }) => source.test(path) && !dictionaries.has(path)).flatMap(checkFile),
};

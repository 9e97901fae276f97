import { codeOnly, eachFile, matches, type Rule } from '../source-file.ts';

const emptyNames = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'base', 'core', 'data', 'info'];
const ours = /^(packages|services|platform|tools|tests|bench|apps)\//;
const source = /^(packages|services|platform|tools|tests|bench|apps)\/.*\.tsx?$/;

function segments(path: string): string[] {
  return path.split('/').map((segment) => segment.replace(/^[._]/, '').replace(/\..*$/, ''));
}

/** A name that fits everything says nothing. */
export const noEmptyFileNames: Rule = eachFile('no-empty-file-names', ours, (file) =>
  segments(file.path)
    .filter((segment) => emptyNames.includes(segment))
    .map((segment) => ({ path: file.path, line: 1, message: `"${segment}" says nothing; name the file after its main export` })),
);

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const givenNames = /^(README|CHANGELOG|LICENSE|CONTRIBUTING|STYLE|Dockerfile)$/;

/** Folders and files are kebab-case (Biome looks at the names of code files only). */
export const kebabPaths: Rule = eachFile('kebab-paths', ours, (file) =>
  segments(file.path)
    .map((segment) => (file.path.endsWith('.sql') ? segment.replaceAll('_', '-') : segment))
    .filter((segment) => segment !== '' && !kebab.test(segment) && !givenNames.test(segment))
    .map((segment) => ({ path: file.path, line: 1, message: `"${segment}" is not kebab-case; use lower-case words joined by hyphens` })),
);

const emptyTypes =
  /\b(?:(?:interface|class)\s+|type\s+(?=\w+\s*[=<]))(?:I[A-Z][a-z]\w*|\w*(?:Manager|Helper|Helpers|Utils|Util|Dto|DTO|Impl|Info)|Base[A-Z]\w*|Data|Core|Common|Misc)\b/;

/** Types are nouns of the glossary: no I, no Dto, no Impl, no Manager. */
export const noEmptyTypeNames: Rule = eachFile('no-empty-type-names', source, (file) =>
  matches(
    file,
    codeOnly(file.text),
    emptyTypes,
    (found) => `"${found}" carries a word without meaning; use the noun of the glossary (packages/contracts/src/fields.ts)`,
  ),
);

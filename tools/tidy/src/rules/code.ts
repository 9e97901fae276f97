import { codeOnly, eachFile, matches, type Rule } from '../source-file.ts';

const domain = /^services\/[^/]+\/src\/domain\/(?!.*\.test\.ts$).*\.ts$/;
const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\b|\bperformance\.now\b/, 'take now_ms as an argument'],
  [/\bMath\.random\b|\brandomUUID\w*\b|\brandomBytes\b/, 'take the id or the number as an argument'],
  [/\bconsole\./, 'return the fact; events.ts tells it'],
  [/\bawait\b|\basync\b/, 'decide with what was loaded; the use case does the waiting'],
  [/\bsetTimeout\b|\bsetInterval\b|\bfetch\(|\bprocess\./, 'ask for it through the arguments'],
];

/** domain/ is pure: same arguments, same answer. */
export const pureDomain: Rule = eachFile('pure-domain', domain, (file) => {
  const code = codeOnly(file.text);
  return impure.flatMap(([pattern, instead]) => matches(file, code, pattern, (found) => `"${found}" in domain/: ${instead}`));
});

const shipped = /^(packages|services)\/[^/]+\/src\/(?!(.*\/)?config\.ts$)(?!testing(\.ts$|\/))(?!.*\.test\.ts$).*\.ts$/;
const environment = /\bprocess\.env\b|\bprocess\[|\{[^}\n]*\benv\b[^}\n]*\}\s*=\s*process\b/;
const environmentImport = /import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'(?:node:)?process'/;

/** The environment is read once, in config.ts. */
export const environmentInConfig: Rule = eachFile('environment-in-config', shipped, (file) => [
  ...matches(
    file,
    codeOnly(file.text),
    environment,
    (found) => `"${found}" outside config.ts: add the key to the schema of config.ts and read config`,
  ),
  ...matches(
    file,
    file.text,
    environmentImport,
    () => 'the environment is read in config.ts only: add the key to its schema and read config',
  ),
]);

const emptyCatch = /catch\s*(?:\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\w*\)\s*=>\s*\{\s*\}\s*\)/;

/** A failure is passed on, answered or explained; never dropped. The comments are left in: a reason is enough. */
export const noEmptyCatch: Rule = eachFile('no-empty-catch', /^(packages|services|tools|tests|bench)\/.*\.(ts|mjs)$/, (file) =>
  matches(
    file,
    file.text,
    emptyCatch,
    () => 'a failure is dropped here: add a cause and throw, answer it, or say in a comment why it may be dropped',
  ),
);

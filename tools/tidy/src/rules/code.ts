import { codeOnly, eachFile, lineAt, matches, type Rule } from '../source-file.ts';

const domain = /^services\/[^/]+\/src\/domain\/(?!.*\.test\.ts$).*\.ts$/;
const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\b|\bperformance\.now\b/, 'take now_ms as an argument'],
  [/\bMath\.random\b|\brandomUUID\w*\b|\brandomBytes\b/, 'take the id or the number as an argument'],
  [/\bconsole\./, 'return the event; events.ts publishes it'],
  [/\bawait\b|\basync\b/, 'decide with what was loaded; the use case does the waiting'],
  [/\bsetTimeout\b|\bsetInterval\b|\bfetch\(|\bprocess\./, 'ask for it through the arguments'],
];

/** domain/ is pure: same arguments, same answer. */
export const pureDomain: Rule = eachFile('pure-domain', domain, (file) => {
  const code = codeOnly(file.text);
  return impure.flatMap(([pattern, instead]) => matches(file, code, pattern, (found) => `"${found}" in domain/: ${instead}`));
});

const ownState = /^ {2}(?:let \w+|const \w+(?::[^=\n]+)? = (?:new (?:Map|Set|WeakMap|WeakSet)\b|\[\];))/m;
const handsOutFunctions = /^ {2}return (?:\{[\s\S]*?(?:=>|\) \{)[\s\S]*?^ {2}\}|(?:async )?\([^()]*\)(?:: [^=]+)? =>)/m;
const changingField = /^ {2}(?!readonly\b|static readonly\b)#?\w+(?:: [^=;(]+)?(?: = [^\n]+)?;$/m;

/** domain/ holds no state that survives a call: what does, such as a memory, a queue or a limiter, is a worker. */
export const domainStateless: Rule = eachFile('domain-stateless', domain, (file) => {
  const code = codeOnly(file.text);
  const functions = [...code.matchAll(/^(?:export )?function [\s\S]*?^\}/gm)];
  const classes = [...code.matchAll(/^(?:export )?class [\s\S]*?^\}/gm)];
  return [
    ...functions.filter(([text]) => ownState.test(text) && handsOutFunctions.test(text)),
    ...classes.filter(([text]) => changingField.test(text)),
  ].map(({ index }) => ({
    path: file.path,
    line: lineAt(code, index),
    message: 'this hands out state that survives the call: move it to workers/, and keep the decision here',
  }));
});

const shipped = /^(packages|apps|services)\/[^/]+\/src\/(?!(.*\/)?config\.ts$)(?!testing(\.ts$|\/))(?!.*\.test\.ts$).*\.ts$/;
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

const stateful = /^(packages|apps|services|tools)\/[^/]+\/src\/(?!testing(\.ts$|\/))(?!.*\.test\.ts$).*\.ts$/;
/** The event loop, the memory and the garbage collector belong to the process, and so does the registry of their metrics; a template is part of the program, and so is how it reads. */
const ofTheProcess: ReadonlySet<string> = new Set(['packages/telemetry/src/metrics/process-metrics.ts', 'packages/ui/src/html.ts']);
const moduleState =
  /^(?:export )?(?:let|var) \w+|^(?:export )?const \w+(?:: (?!readonly |Readonly)[^=\n]+)? = (?:new (?:WeakMap|WeakSet|AbortController|EventEmitter|\w+Array)\b|new (?:Map|Set)(?:<[^\n]*>)?\(\)|\[\];|\{\};)/m;

/** A module holds no state: two services of one process would share it, and a test could not begin anew. */
export const noModuleState: Rule = eachFile('no-module-state', stateful, (file) => {
  const messageOf = (found: string): string =>
    `"${found}" outlives every call: make it in the function that is called once, and hand it on`;
  return ofTheProcess.has(file.path) ? [] : matches(file, codeOnly(file.text), moduleState, messageOf);
});

const emptyCatch = /catch\s*(?:\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\w*\)\s*=>\s*\{\s*\}\s*\)/;

/** A failure is passed on, answered or explained; never dropped. The comments are left in: a reason is enough. */
export const noEmptyCatch: Rule = eachFile(
  'no-empty-catch',
  /^(packages|apps|services|platform|tools|tests|bench)\/.*\.(ts|mjs)$/,
  (file) =>
    matches(
      file,
      file.text,
      emptyCatch,
      () => 'a failure is dropped here: add a cause and throw, answer it, or say in a comment why it may be dropped',
    ),
);

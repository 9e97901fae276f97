import { lineAt, type Rule, type SourceFile, type Violation } from '../source-file.ts';

const catalogueFile = /^packages\/contracts\/src\/metrics\/[^/]+\.ts$/;
const shippedCode = /^(?!packages\/contracts\/)(packages|services)\/[^/]+\/src\/.*(?<!\.test)\.ts$/;
const declared = /^ {2}(souk_[a-z0-9_]+):/gm;
const reported = /\b(?:count|observe|gauge|registerCollected)\(\s*(?:registry,\s*)?'(souk_[a-z0-9_]+)'/g;

/** A name that is only declared, or only used, is a panel that stays empty: the catalogue and the code have the same metrics. */
export const metricsCatalogued: Rule = {
  name: 'metrics-catalogued',
  check: (files) => {
    const catalogue = files.filter((file) => catalogueFile.test(file.path));
    const code = files.filter((file) => shippedCode.test(file.path));
    const known = new Set(catalogue.flatMap((file) => names(file, declared).map(({ name }) => name)));
    const everything = code.map((file) => file.text).join('\n');
    return [
      ...code.flatMap((file) =>
        names(file, reported)
          .filter(({ name }) => !known.has(name))
          .map(undeclared),
      ),
      ...catalogue.flatMap((file) =>
        names(file, declared)
          .filter(({ name }) => !everything.includes(`'${name}'`))
          .map(unreported),
      ),
    ];
  },
};

interface Named {
  file: SourceFile;
  name: string;
  line: number;
}

function names(file: SourceFile, pattern: RegExp): Named[] {
  return [...file.text.matchAll(pattern)].map((match) => ({ file, name: match[1] ?? '', line: lineAt(file.text, match.index) }));
}

function undeclared({ file, name, line }: Named): Violation {
  return { path: file.path, line, message: `${name} is in no catalogue; declare it in packages/contracts/src/metrics/` };
}

function unreported({ file, name, line }: Named): Violation {
  return { path: file.path, line, message: `no code reports ${name}; report it or take it out of the catalogue` };
}

import type { Rule, SourceFile } from '../source-file.ts';

const lines_max = 40;
const workspace = /^((?:packages|apps|services)\/[^/]+)\/package\.json$/;
const generated = /<!-- Written by npm run generate[\s\S]*<!-- End of what is generated\. -->\n?/;

/** Each package and service says on less than a page what it is; what npm run generate wrote is not counted. */
export const readmeShort: Rule = {
  name: 'readme-short',
  check(files: readonly SourceFile[]) {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const folders = files.flatMap(({ path }) => workspace.exec(path)?.[1] ?? []);
    return folders.flatMap((folder) => {
      const path = `${folder}/README.md`;
      const text = texts.get(path);
      if (text === undefined)
        return [{ path, line: 1, message: `missing: say in at most ${lines_max} lines what ${folder} is and where things are` }];
      const lines = text.replace(generated, '').trimEnd().split('\n').length;
      if (lines <= lines_max) return [];
      return [{ path, line: lines_max, message: `${lines} lines written by hand, at most ${lines_max}; move the rest into docs/` }];
    });
  },
};

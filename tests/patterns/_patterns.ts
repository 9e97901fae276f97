/** Every pattern that the packages and services run on a text: literals of the source, made ones, and those of schemas. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { events, routes } from '@souk/contracts';
import ts from 'typescript';

export interface Found {
  where: string;
  pattern: RegExp;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Literals by file and line, and modules that make patterns. */
export async function patternsOfSource(): Promise<{ literals: Found[]; makers: string[] }> {
  const literals: Found[] = [];
  const makers: string[] = [];
  const exclude = (path: string): boolean => /(^|[\\/])(node_modules|test|testing)$/.test(path);
  for await (const path of glob('{packages,services}/*/src/**/*.ts', { cwd: root, exclude })) {
    if (path.endsWith('.test.ts')) continue;
    const file = ts.createSourceFile(path, await readFile(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) literals.push({ where: placeOf(file, node), pattern: patternOf(node.text) });
      if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp' && !makers.includes(path)) makers.push(path);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { literals, makers };
}

function placeOf(file: ts.SourceFile, node: ts.Node): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function patternOf(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

/** What a module makes with `new RegExp` while it is loaded. */
export async function patternsMadeBy(path: string): Promise<Found[]> {
  const made: Found[] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, args, maker) {
      const pattern = Reflect.construct(target, args, maker) as RegExp;
      made.push({ where: path, pattern });
      return pattern;
    },
  });
  try {
    await import(new URL(path, `file://${root}`).href);
  } finally {
    globalThis.RegExp = original;
  }
  return made;
}

/** The patterns of all routes and events, compiled as the validator compiles them. */
export function patternsOfContracts(): Found[] {
  const found = new Map<string, Found>();
  const visit = (where: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, part] of Object.entries(value)) {
      if (name === 'pattern' && typeof part === 'string') found.set(part, { where, pattern: new RegExp(part, 'u') });
      if (name === 'patternProperties')
        for (const key of Object.keys(part as object)) found.set(key, { where, pattern: new RegExp(key, 'u') });
      visit(where, part);
    }
  };
  for (const route of routes) for (const schema of [route.body, route.query, route.params]) visit(`${route.method} ${route.path}`, schema);
  for (const { event_type, schema } of events) visit(event_type, schema);
  return [...found.values()];
}

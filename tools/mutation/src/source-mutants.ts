/** The mutants of one source file: each operator at each place of its syntax tree, one at a time. */
import { stripTypeScriptTypes } from 'node:module';
import ts from 'typescript';
import { type Replacement, replacementsOf } from './replacements.ts';
import type { SourceEdit } from './source-edits.ts';

export interface SourceMutant {
  /** Function, operator, text and what stands there instead; numbered where a function has it more than once. */
  name: string;
  edit: SourceEdit;
}

const nameTextMax = 70;

/** All that can be changed in `text`, the source of `file`. What would not be TypeScript is left out. */
export function mutantsOf(file: string, text: string): SourceMutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const names = new Map<string, number>();
  const mutants: SourceMutant[] = [];
  const add = (node: ts.Node, { operator, start, end, text: instead }: Replacement): void => {
    const to = `${text.slice(0, start)}${instead}${text.slice(end)}`;
    if (to === text || !isTypeScript(to)) return;
    const name = `${ownerOf(node)}: ${operator}: ${shortened(text.slice(start, end))} → ${instead === '' ? 'nothing' : shortened(instead)}`;
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    mutants.push({ name: count === 1 ? name : `${name} (${count})`, edit: { file, from: text, to } });
  };
  const visit = (node: ts.Node): void => {
    if (isOnlyType(node)) return;
    for (const replacement of replacementsOf(node, source)) add(node, replacement);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

/** What is gone before the program runs, and names of modules. */
function isOnlyType(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  );
}

function isTypeScript(text: string): boolean {
  try {
    stripTypeScriptTypes(text);
    return true;
  } catch {
    // Not a program: no test can be run with it.
    return false;
  }
}

/** The function or constant of the module in which a node stands. */
function ownerOf(node: ts.Node): string {
  let owner = node;
  while (owner.parent !== undefined && !ts.isSourceFile(owner.parent)) owner = owner.parent;
  if (ts.isFunctionDeclaration(owner) || ts.isClassDeclaration(owner)) return owner.name?.text ?? 'module';
  const declared = ts.isVariableStatement(owner) ? owner.declarationList.declarations[0]?.name : undefined;
  return declared !== undefined && ts.isIdentifier(declared) ? declared.text : 'module';
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= nameTextMax ? line : `${line.slice(0, nameTextMax - 1)}…`;
}

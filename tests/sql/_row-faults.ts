/** Where a declared row differs from the columns that PostgreSQL answers. */
import ts from 'typescript';
import type { Column } from './_describe.ts';
import type { Kind } from './_value-kinds.ts';

export interface Fault {
  column: string;
  /** A sentence about the column. */
  message: string;
}

export interface Comparison {
  checker: ts.TypeChecker;
  kinds: ReadonlyMap<string, Kind>;
}

export function faultsOf(row: ts.Type, columns: readonly Column[], comparison: Comparison): Fault[] {
  const { checker, kinds } = comparison;
  const members = new Map(checker.getPropertiesOfType(row).map((member) => [member.name, member]));
  const faults: Fault[] = [];
  const names = new Set<string>();
  for (const column of columns) {
    const { name } = column;
    const member = members.get(name);
    if (names.has(name)) faults.push({ column: name, message: 'stands twice in the answer; the last one wins' });
    else if (member !== undefined) faults.push(...faultsOfMember(member, column, comparison));
    // What a function without a value answers is there for its effect.
    else if (kinds.get(column.type) !== 'nothing') faults.push({ column: name, message: 'is answered and not declared' });
    names.add(name);
  }
  for (const [name, member] of members) {
    const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
    if (!names.has(name) && !isOptional) faults.push({ column: name, message: 'is declared and not answered' });
  }
  return faults;
}

function faultsOfMember(member: ts.Symbol, column: Column, { checker, kinds }: Comparison): Fault[] {
  const { name, nullable } = column;
  const type = checker.getTypeOfSymbol(member);
  if (type.flags & ts.TypeFlags.Unknown) return [];
  const declared = checker.typeToString(type);
  const faults: Fault[] = [];
  const parts = type.isUnion() ? type.types : [type];
  const isNullable = parts.some((part) => part.flags & ts.TypeFlags.Null);
  if (member.flags & ts.SymbolFlags.Optional) faults.push({ column: name, message: 'is declared optional and always answered' });
  if (nullable === 'maybe' && !isNullable) faults.push({ column: name, message: `can be null and is declared ${declared}` });
  if (nullable === 'never' && isNullable) faults.push({ column: name, message: `is never null and is declared ${declared}` });
  const kind = kinds.get(column.type) ?? 'nothing';
  if (!isOfKind(checker.getNonNullableType(type), kind, checker))
    faults.push({ column: name, message: `is ${column.type}, which becomes ${wordFor(kind)}, and is declared ${declared}` });
  return faults;
}

function isOfKind(type: ts.Type, kind: Kind, checker: ts.TypeChecker): boolean {
  if (type.flags & ts.TypeFlags.Any) return false;
  if (typeof kind === 'object') {
    const [item] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
    return item !== undefined && isOfKind(checker.getNonNullableType(item), kind.items, checker);
  }
  switch (kind) {
    case 'string':
      return checker.isTypeAssignableTo(type, checker.getStringType());
    case 'number':
      return checker.isTypeAssignableTo(type, checker.getNumberType());
    case 'boolean':
      return checker.isTypeAssignableTo(type, checker.getBooleanType());
    case 'buffer':
      return ['Buffer', 'Uint8Array'].includes(type.symbol?.name ?? '');
    case 'json':
      return !['Buffer', 'Uint8Array', 'Date'].includes(type.symbol?.name ?? '');
    case 'nothing':
      return false;
  }
}

function wordFor(kind: Kind): string {
  return typeof kind === 'object' ? `an array of ${wordFor(kind.items)}` : kind;
}

/** Whether a column of an answer can be null, as far as the analysed statement and the schema tell. */
import { isNode, nodeOf, nodesOf, numberOf, type Tree, type TreeNode, wordOf } from './_node-tree.ts';

export type Nullability = 'never' | 'maybe' | 'unknown';

export interface Schema {
  /** `table OID.column number`. */
  not_null_columns: ReadonlySet<string>;
  /** OIDs; a view is none. */
  tables: ReadonlySet<string>;
  /** OIDs of the aggregates that count. */
  counts: ReadonlySet<string>;
}

interface Scope {
  query: TreeNode;
  parent: Scope | undefined;
  schema: Schema;
  /** Places in the range table whose rows are there, and columns that hold a value, because the conditions say so. */
  present: ReadonlySet<string>;
  /** Within what a statement writes: columns of the row are what they were. */
  is_before?: true;
}

const select = 1;
const update = 2;
const insert = 3;
/** Kinds of range table entries, as in `parsenodes.h`. */
const rte = { relation: 0, subquery: 1, join: 2, cte: 6, group: 9 };
const isNotNull = 1;
const innerJoin = 0;

/** Of the column `index` of what the statement answers. */
export function nullabilityOf(query: TreeNode, index: number, schema: Schema): Nullability {
  return columnOf(query, index, undefined, schema);
}

function columnOf(query: TreeNode, index: number, parent: Scope | undefined, schema: Schema): Nullability {
  const setOperation = nodeOf(query, 'setOperations');
  const scope: Scope = { query, parent, schema, present: presentIn(query) };
  if (setOperation !== undefined) return both(armsOf(setOperation).map((place) => ofEntry(scope, place, index + 1)));
  const answered = numberOf(query, 'commandType') === select ? 'targetList' : 'returningList';
  const expression = nodeOf(nodesOf(query, answered).filter(isVisible)[index] ?? query, 'expr');
  return expression === undefined ? 'unknown' : ofExpression(expression, scope);
}

function isVisible(target: TreeNode): boolean {
  return wordOf(target, 'resjunk') === 'false';
}

/** The range table places of the arms of a union. */
function armsOf(tree: TreeNode | undefined): number[] {
  if (tree === undefined) return [];
  if (tree.kind === 'RANGETBLREF') return [numberOf(tree, 'rtindex')];
  return [...armsOf(nodeOf(tree, 'larg')), ...armsOf(nodeOf(tree, 'rarg'))];
}

/** Of a value that is one of these, or made of all of them. */
function both(parts: readonly Nullability[]): Nullability {
  if (parts.includes('maybe')) return 'maybe';
  return parts.length > 0 && parts.every((part) => part === 'never') ? 'never' : 'unknown';
}

/** Of a value that is the first of these that is not null. */
function either(parts: readonly Nullability[]): Nullability {
  if (parts.includes('never')) return 'never';
  return parts.every((part) => part === 'maybe') ? 'maybe' : 'unknown';
}

const neverNull = new Set(['NULLTEST', 'BOOLEANTEST', 'DISTINCTEXPR', 'ARRAYEXPR', 'ROWEXPR', 'SQLVALUEFUNCTION']);
const passing = new Set(['RELABELTYPE', 'COERCEVIAIO', 'ARRAYCOERCEEXPR', 'COERCETODOMAIN', 'COLLATEEXPR']);

function ofExpression(expression: TreeNode, scope: Scope): Nullability {
  if (neverNull.has(expression.kind)) return 'never';
  const parts = (field: string): Nullability[] => nodesOf(expression, field).map((part) => ofExpression(part, scope));
  const part = (field: string): Nullability[] => [nodeOf(expression, field)].map((one) => (one ? ofExpression(one, scope) : 'maybe'));
  if (passing.has(expression.kind)) return both(part('arg'));
  switch (expression.kind) {
    case 'VAR':
      return ofVariable(expression, scope);
    case 'CONST':
      return wordOf(expression, 'constisnull') === 'true' ? 'maybe' : 'never';
    case 'COALESCEEXPR':
    case 'MINMAXEXPR':
      return either(parts('args'));
    case 'BOOLEXPR':
      return both(parts('args').map((one) => (one === 'maybe' ? 'unknown' : one)));
    case 'CASEEXPR':
      return both([...nodesOf(expression, 'args').map((when) => ofResult(when, scope)), ...part('defresult')]);
    case 'FUNCEXPR':
      return isCast(expression) ? both(parts('args').slice(0, 1)) : 'unknown';
    case 'SUBLINK':
      return isExists(expression) ? 'never' : 'unknown';
    case 'AGGREF':
      return ofAggregate(expression, scope);
    default:
      return 'unknown';
  }
}

function ofResult(when: TreeNode, scope: Scope): Nullability {
  const result = nodeOf(when, 'result');
  return result === undefined ? 'unknown' : ofExpression(result, scope);
}

/** Written `x::type` or implied; a call by name has the format 0. */
function isCast(call: TreeNode): boolean {
  return [1, 2].includes(numberOf(call, 'funcformat'));
}

function isExists(link: TreeNode): boolean {
  return numberOf(link, 'subLinkType') === 0;
}

/** Without groups there is a row also where nothing was aggregated. */
function ofAggregate(aggregate: TreeNode, { query, schema }: Scope): Nullability {
  if (schema.counts.has(wordOf(aggregate, 'aggfnoid'))) return 'never';
  return nodesOf(query, 'groupClause').length === 0 ? 'maybe' : 'unknown';
}

function ofVariable(variable: TreeNode, inner: Scope): Nullability {
  let scope: Scope | undefined = inner;
  for (let level = numberOf(variable, 'varlevelsup'); level > 0; level -= 1) scope = scope?.parent;
  if (scope === undefined) return 'unknown';
  const [place, column] = [numberOf(variable, 'varno'), numberOf(variable, 'varattno')];
  const isOuter = membersOf(variable.fields.get('varnullingrels')).length > 0 && !scope.present.has(String(place));
  const nullable = isOuter ? 'maybe' : ofEntry(scope, place, column);
  // A row type that serves several statements may allow the null that a condition of this one leaves out.
  return nullable === 'maybe' && scope.present.has(`${place}.${column}`) ? 'unknown' : nullable;
}

/** `(b 1 2)`. */
function membersOf(bitmap: Tree | undefined): readonly Tree[] {
  return Array.isArray(bitmap) ? bitmap.slice(1) : [];
}

function ofEntry(scope: Scope, place: number, column: number): Nullability {
  const entry = nodesOf(scope.query, 'rtable')[place - 1];
  if (entry === undefined || column === 0) return 'unknown';
  switch (numberOf(entry, 'rtekind')) {
    case rte.relation:
      return ofTable(scope, place, entry, column);
    case rte.subquery: {
      const subquery = nodeOf(entry, 'subquery');
      return subquery === undefined ? 'unknown' : columnOf(subquery, column - 1, scope, scope.schema);
    }
    case rte.join:
      return ofMember(nodesOf(entry, 'joinaliasvars')[column - 1], scope);
    case rte.group:
      return ofMember(nodesOf(entry, 'groupexprs')[column - 1], scope);
    case rte.cte:
      return ofCommonTable(scope, entry, column);
    default:
      return 'unknown';
  }
}

function ofMember(expression: TreeNode | undefined, scope: Scope): Nullability {
  return expression === undefined ? 'unknown' : ofExpression(expression, scope);
}

function ofTable(scope: Scope, place: number, entry: TreeNode, column: number): Nullability {
  const table = wordOf(entry, 'relid');
  if (column < 0 || scope.schema.not_null_columns.has(`${table}.${column}`)) return 'never';
  if (!scope.schema.tables.has(table)) return 'unknown';
  return place === numberOf(scope.query, 'resultRelation') && !scope.is_before ? ofWritten(scope, column) : 'maybe';
}

/** A column of the row that the statement writes: what it writes there, or what was there. */
function ofWritten(scope: Scope, column: number): Nullability {
  const { query } = scope;
  const command = numberOf(query, 'commandType');
  if (command === insert && isNode(query.fields.get('onConflict'))) return 'unknown';
  if (command !== insert && command !== update) return 'maybe';
  const written = nodesOf(query, 'targetList').find((target) => numberOf(target, 'resno') === column);
  const value = written && nodeOf(written, 'expr');
  // What is written may name the column as it was before.
  return value === undefined ? 'maybe' : ofExpression(value, { ...scope, is_before: true });
}

function ofCommonTable(inner: Scope, entry: TreeNode, column: number): Nullability {
  let scope: Scope | undefined = inner;
  for (let level = numberOf(entry, 'ctelevelsup'); level > 0; level -= 1) scope = scope?.parent;
  const name = wordOf(entry, 'ctename');
  const table = scope && nodesOf(scope.query, 'cteList').find((one) => wordOf(one, 'ctename') === name);
  const query = table && nodeOf(table, 'ctequery');
  // One that refers to itself would be followed for ever.
  if (query === undefined || wordOf(table ?? query, 'cterecursive') === 'true') return 'unknown';
  return columnOf(query, column - 1, scope, inner.schema);
}

/** What conditions that hold for every row say: `x is not null`, and operators, which answer null for null. */
function presentIn(query: TreeNode): Set<string> {
  const present = new Set<string>();
  // An UPDATE answers the row as it writes it, and its conditions were about the row as it was.
  const changed = numberOf(query, 'commandType') === update ? nodesOf(query, 'targetList').map((target) => numberOf(target, 'resno')) : [];
  const result = numberOf(query, 'resultRelation');
  for (const variable of conditionsOf(nodeOf(query, 'jointree')).flatMap(testedBy)) {
    const [place, column] = [numberOf(variable, 'varno'), numberOf(variable, 'varattno')];
    if (numberOf(variable, 'varlevelsup') !== 0) continue;
    present.add(String(place));
    if (place !== result || !changed.includes(column)) present.add(`${place}.${column}`);
  }
  return present;
}

/** The conditions of WHERE and of the inner joins that no outer join is around. */
function conditionsOf(join: TreeNode | undefined): TreeNode[] {
  if (join === undefined || join.kind === 'RANGETBLREF') return [];
  const conditions = flattened(nodeOf(join, 'quals'));
  if (join.kind === 'FROMEXPR') return [...conditions, ...nodesOf(join, 'fromlist').flatMap(conditionsOf)];
  if (numberOf(join, 'jointype') !== innerJoin) return [];
  return [...conditions, ...conditionsOf(nodeOf(join, 'larg')), ...conditionsOf(nodeOf(join, 'rarg'))];
}

function flattened(condition: TreeNode | undefined): TreeNode[] {
  if (condition === undefined) return [];
  const isAnd = condition.kind === 'BOOLEXPR' && wordOf(condition, 'boolop') === 'and';
  return isAnd ? nodesOf(condition, 'args').flatMap(flattened) : [condition];
}

/** The variables that a condition cannot be true of while they are null. */
function testedBy(condition: TreeNode): TreeNode[] {
  const tested =
    condition.kind === 'NULLTEST' && numberOf(condition, 'nulltesttype') === isNotNull
      ? [nodeOf(condition, 'arg')]
      : ['OPEXPR', 'SCALARARRAYOPEXPR'].includes(condition.kind)
        ? nodesOf(condition, 'args')
        : [];
  return tested.flatMap(variableIn);
}

function variableIn(expression: TreeNode | undefined): TreeNode[] {
  if (expression === undefined) return [];
  if (expression.kind === 'VAR') return [expression];
  return passing.has(expression.kind) ? variableIn(nodeOf(expression, 'arg')) : [];
}

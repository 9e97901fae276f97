/** What may stand in the place of one node of a syntax tree: the operators of mutation. */
import ts from 'typescript';

/** A change of a source: the text from `start` to `end` becomes `text`. */
export interface Replacement {
  operator: string;
  start: number;
  end: number;
  text: string;
}

const binaryOperators: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '+=': ['-='],
  '-=': ['+='],
};
const operatorNames: readonly [RegExp, string][] = [
  [/^(<|<=|>|>=)$/, 'relational'],
  [/^[!=]==$/, 'equality'],
  [/^(&&|\|\||\?\?)$/, 'logical'],
];
/** Calls that can be left out, so that what they are called on stands alone. */
const droppedCalls = new Set(['filter', 'sort', 'slice', 'reverse', 'trim', 'toLowerCase', 'toUpperCase']);
const swappedCalls: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min' };
/** States, reasons, codes and pointers. A sentence is no decision, and no test should depend on its words. */
const wordPattern = /^[\w./:-]+(: \w+)?$/;

type Operator = (node: ts.Node, source: ts.SourceFile) => Replacement[];

function replaced(operator: string, node: ts.Node, source: ts.SourceFile, text: string): Replacement {
  return { operator, start: node.getStart(source), end: node.end, text };
}

const binary: Operator = (node, source) => {
  if (!ts.isBinaryExpression(node) || isText(node.left) || isText(node.right)) return [];
  const written = node.operatorToken.getText(source);
  const operator = operatorNames.find(([pattern]) => pattern.test(written))?.[1] ?? 'arithmetic';
  return (binaryOperators[written] ?? []).map((other) => {
    const [left, right] = [node.left.getText(source), node.right.getText(source)];
    // The whole expression is replaced, in brackets where `??` would not stand beside `&&`.
    return replaced(operator, node, source, written === '??' ? `(${left} ${other} ${right})` : `${left} ${other} ${right}`);
  });
};

function isText(node: ts.Expression): boolean {
  return ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);
}

const condition: Operator = (node, source) => {
  if (ts.isIfStatement(node)) return bothWays(node.expression, source);
  if (ts.isConditionalExpression(node)) return bothWays(node.condition, source);
  if (ts.isWhileStatement(node)) return [replaced('condition', node.expression, source, 'false')];
  if (ts.isForStatement(node) && node.condition !== undefined) return [replaced('condition', node.condition, source, 'false')];
  return [];
};

function bothWays(node: ts.Expression, source: ts.SourceFile): Replacement[] {
  return ['true', 'false'].map((text) => replaced('condition', node, source, text));
}

const unary: Operator = (node, source) => {
  if (!ts.isPrefixUnaryExpression(node)) return [];
  const operand = node.operand.getText(source);
  if (node.operator === ts.SyntaxKind.ExclamationToken) return [replaced('negation', node, source, operand)];
  return node.operator === ts.SyntaxKind.MinusToken ? [replaced('negation', node, source, `+${operand}`)] : [];
};

const literal: Operator = (node, source) => {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [replaced('boolean', node, source, 'false')];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [replaced('boolean', node, source, 'true')];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return wordPattern.test(node.text) ? emptied(node, source) : [];
  if (!ts.isTemplateExpression(node)) return [];
  const words = node
    .getText(source)
    .slice(1, -1)
    .replaceAll(/\$\{[^}]*\}/g, '_');
  return wordPattern.test(words) ? emptied(node, source) : [];
};

function emptied(node: ts.Expression, source: ts.SourceFile): Replacement[] {
  // The name of a member is no value: { 'inventory.reserved': … }.
  if (ts.isPropertyAssignment(node.parent) && node.parent.name === (node as ts.Node)) return [];
  return [replaced('word', node, source, "''")];
}

const statement: Operator = (node, source) => {
  if (ts.isExpressionStatement(node)) return [replaced('statement', node, source, ';')];
  if (ts.isThrowStatement(node) && !ts.isIfStatement(node.parent)) return [replaced('statement', node, source, ';')];
  if (ts.isReturnStatement(node) && node.expression !== undefined) return [replaced('return', node, source, 'return undefined;')];
  return [];
};

const body: Operator = (node, source) => {
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return [replaced('return', node.body, source, 'undefined')];
  const block = ts.isFunctionLike(node) && 'body' in node ? (node.body as ts.Node | undefined) : undefined;
  // A body of one statement is emptied by what empties the statement.
  if (block === undefined || !ts.isBlock(block) || block.statements.length < 2) return [];
  return [replaced('body', block, source, '{}')];
};

const member: Operator = (node, source) => {
  if (ts.isObjectLiteralExpression(node)) return without('member', node.properties, source);
  if (ts.isArrayLiteralExpression(node)) return without('element', node.elements, source);
  return [];
};

function without(operator: string, nodes: ts.NodeArray<ts.Node>, source: ts.SourceFile): Replacement[] {
  return nodes.map((node, index) => {
    const next = nodes[index + 1];
    const before = nodes[index - 1];
    if (next !== undefined) return { operator, start: node.getStart(source), end: next.getStart(source), text: '' };
    return { operator, start: before === undefined ? node.getStart(source) : before.end, end: node.end, text: '' };
  });
}

const call: Operator = (node, source) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  if (droppedCalls.has(name.text)) return [replaced('call', node, source, expression.getText(source))];
  const other = swappedCalls[name.text];
  return other === undefined ? [] : [replaced('call', name, source, other)];
};

const chain: Operator = (node, source) => {
  const dot = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? node.questionDotToken : undefined;
  if (dot === undefined) return [];
  return [replaced('optional chain', dot, source, ts.isPropertyAccessExpression(node) ? '.' : '')];
};

const operators: readonly Operator[] = [binary, condition, unary, literal, statement, body, member, call, chain];

/** What can stand in the place of this node alone; its children have their own. */
export function replacementsOf(node: ts.Node, source: ts.SourceFile): Replacement[] {
  return operators.flatMap((operator) => operator(node, source));
}

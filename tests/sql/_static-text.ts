/** The texts an expression can have, as far as constants tell. What is chosen among several is chosen the same way all over one text. */
import { runInNewContext } from 'node:vm';
import ts from 'typescript';

/** Text of an expression, or the name of the function it calls → the text that stands for it. */
export type StandIns = Readonly<Record<string, string>>;

export type Texts = { texts: readonly string[]; used: readonly string[] } | { texts: undefined; unresolved: string };

const textsMax = 64;
const evaluationMs = 500;

/** Thrown where an expression is none of constants. */
class Unresolved extends Error {}

interface Choice {
  count: number;
  taken: number;
}

interface Reading {
  checker: ts.TypeChecker;
  stand_ins: StandIns;
  choices: Map<string, Choice>;
  used: Set<string>;
}

export function textsOf(expression: ts.Expression, checker: ts.TypeChecker, stand_ins: StandIns = {}): Texts {
  const reading: Reading = { checker, stand_ins, choices: new Map(), used: new Set() };
  const texts = new Set<string>();
  try {
    do {
      texts.add(textOf(expression, reading));
      if (texts.size > textsMax) throw new Unresolved(`more than ${textsMax} texts`);
    } while (chooseNext(reading.choices));
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return { texts: undefined, unresolved: error.message };
  }
  return { texts: [...texts], used: [...reading.used] };
}

/** Takes the next option of the last choice that has one; forgets the choices behind it. False when all were taken. */
function chooseNext(choices: Map<string, Choice>): boolean {
  for (const [key, choice] of [...choices].reverse()) {
    choice.taken += 1;
    if (choice.taken < choice.count) return true;
    choices.delete(key);
  }
  return false;
}

function choose(key: string, options: readonly string[], { choices }: Reading): string {
  const choice = choices.get(key) ?? { count: options.length, taken: 0 };
  choices.set(key, choice);
  return options[choice.taken] ?? '';
}

function textOf(expression: ts.Expression, reading: Reading): string {
  const standIn = standInFor(expression, reading);
  if (standIn !== undefined) return standIn;
  if (ts.isStringLiteralLike(expression) || ts.isNumericLiteral(expression)) return expression.text;
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression))
    return textOf(expression.expression, reading);
  if (ts.isTemplateExpression(expression))
    return expression.head.text + expression.templateSpans.map((span) => textOf(span.expression, reading) + span.literal.text).join('');
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken && isText(expression, reading))
    return textOf(expression.left, reading) + textOf(expression.right, reading);
  if (ts.isConditionalExpression(expression)) {
    const branch = choose(expression.condition.getText(), ['true', 'false'], reading);
    return textOf(branch === 'true' ? expression.whenTrue : expression.whenFalse, reading);
  }
  return (
    valueOfPart(expression, reading) ??
    valueOfType(expression, reading) ??
    valueOfConstant(expression, reading) ??
    evaluated(expression, reading)
  );
}

function standInFor(expression: ts.Expression, { stand_ins, used }: Reading): string | undefined {
  const names = [expression.getText(), ...(ts.isCallExpression(expression) ? [expression.expression.getText()] : [])];
  const name = names.find((one) => Object.hasOwn(stand_ins, one));
  if (name === undefined) return undefined;
  used.add(name);
  return stand_ins[name];
}

function isText(expression: ts.Expression, { checker }: Reading): boolean {
  return checker.isTypeAssignableTo(checker.getTypeAtLocation(expression), checker.getStringType());
}

/** Where it is taken out of one of several objects: the parts of one go together. */
function valueOfPart(expression: ts.Expression, reading: Reading): string | undefined {
  const { checker } = reading;
  const element = ts.isIdentifier(expression) ? checker.getSymbolAtLocation(expression)?.valueDeclaration : undefined;
  if (element === undefined || !ts.isBindingElement(element)) return undefined;
  const whole = checker.getTypeAtLocation(element.parent);
  if (!whole.isUnion()) return undefined;
  const name = (element.propertyName ?? element.name).getText();
  const options = whole.types.map((one) => {
    const part = checker.getPropertyOfType(one, name);
    return part === undefined ? undefined : literalOf(checker.getTypeOfSymbol(part));
  });
  const known = options.filter((option) => option !== undefined);
  return known.length < options.length ? undefined : choose(`part ${element.parent.pos}`, known, reading);
}

function literalOf(type: ts.Type): string | undefined {
  return type.isStringLiteral() || type.isNumberLiteral() ? String(type.value) : undefined;
}

/** Where the type is a literal, or one of several. */
function valueOfType(expression: ts.Expression, reading: Reading): string | undefined {
  const type = reading.checker.getTypeAtLocation(expression);
  const options = (type.isUnion() ? type.types : [type]).map(literalOf);
  const known = options.filter((option) => option !== undefined);
  if (known.length === 0 || known.length < options.length) return undefined;
  return known.length === 1 ? known[0] : choose(expression.getText(), known, reading);
}

function valueOfConstant(expression: ts.Expression, reading: Reading): string | undefined {
  const initializer = ts.isIdentifier(expression) ? initializerOf(expression, reading.checker) : undefined;
  return initializer === undefined ? undefined : textOf(initializer, reading);
}

function initializerOf(name: ts.Identifier, checker: ts.TypeChecker): ts.Expression | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  const origin = symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = origin?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  return ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const ? declaration.initializer : undefined;
}

/** Runs an expression whose names are all constants or its own, such as `columns.split(', ').join()`. */
function evaluated(expression: ts.Expression, reading: Reading): string {
  const constants: Record<string, string> = {};
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isFree(node, expression, reading.checker)) constants[node.text] = constantIn(node, reading);
    ts.forEachChild(node, visit);
  };
  visit(expression);
  if (Object.keys(constants).length === 0) throw new Unresolved(expression.getText());
  const value: unknown = runInNewContext(ts.transpile(`(${expression.getText()})`), constants, { timeout: evaluationMs });
  if (typeof value !== 'string' && typeof value !== 'number') throw new Unresolved(expression.getText());
  return String(value);
}

function constantIn(name: ts.Identifier, reading: Reading): string {
  const initializer = initializerOf(name, reading.checker);
  if (initializer === undefined) throw new Unresolved(name.text);
  return textOf(initializer, reading);
}

/** A name that is neither of a member nor declared within the expression itself. */
function isFree(name: ts.Identifier, expression: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isPropertyAccessExpression(name.parent) && name.parent.name === name) return false;
  const declarations = checker.getSymbolAtLocation(name)?.declarations ?? [];
  return !declarations.some((declaration) => declaration.pos >= expression.pos && declaration.end <= expression.end);
}

/** Every statement that the sources put to the database port, with the expression of its text and its declared row. */
import ts from 'typescript';
import { pathOf, type SourceProgram } from './_source-program.ts';

export interface Statement {
  /** Path and function, such as `services/orders/src/store/orders.ts listOrders`. */
  where: string;
  line: number;
  path: string;
  /** Undefined where no row is declared, that is, where nothing is promised. */
  row: ts.Type | undefined;
  text: ts.Expression;
}

const portFile = /[\\/]packages[\\/]postgres[\\/]src[\\/]queryable\.ts$/;
const methods = new Set(['query', 'finish']);

export function findStatements({ checker, files }: SourceProgram): Statement[] {
  return files.flatMap((file) => {
    const found: Statement[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) found.push(...statementOf(node, file, checker));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
}

function statementOf(call: ts.CallExpression, file: ts.SourceFile, checker: ts.TypeChecker): Statement[] {
  const [text] = call.arguments;
  if (text === undefined || !ts.isPropertyAccessExpression(call.expression) || !methods.has(call.expression.name.text)) return [];
  const signature = checker.getResolvedSignature(call);
  const declared = signature?.getDeclaration()?.getSourceFile().fileName;
  if (signature === undefined || declared === undefined || !portFile.test(declared)) return [];
  const path = pathOf(file);
  const line = file.getLineAndCharacterOfPosition(call.getStart()).line + 1;
  return [{ where: `${path} ${functionAround(call)}`, line, path, row: rowOf(signature, checker), text }];
}

/** Of `Promise<Row[]>`. */
function rowOf(signature: ts.Signature, checker: ts.TypeChecker): ts.Type | undefined {
  let type: ts.Type | undefined = signature.getReturnType();
  for (let depth = 0; depth < 2 && type !== undefined; depth += 1) type = checker.getTypeArguments(type as ts.TypeReference)[0];
  return type === undefined || type.flags & ts.TypeFlags.Unknown ? undefined : type;
}

/** Name of the innermost function that has one. */
function functionAround(node: ts.Node): string {
  for (let around = node.parent; !ts.isSourceFile(around); around = around.parent) {
    if (ts.isFunctionDeclaration(around) || ts.isMethodDeclaration(around)) return around.name?.getText() ?? 'module';
    if (ts.isPropertyAssignment(around) && ts.isFunctionLike(around.initializer)) return around.name.getText();
    if (ts.isVariableDeclaration(around) && around.initializer && ts.isFunctionLike(around.initializer)) return around.name.getText();
  }
  return 'module';
}

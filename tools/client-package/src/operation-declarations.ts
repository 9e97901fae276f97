/** What `operation-types.ts` of the client derives from the contracts, written out: the built package needs no other one. */
import { generalCodes, OrderTransition, Problem, type RouteDeclaration, TokenPair } from '@souk/contracts';
import { publishedOperations } from '@souk/generate/operations';
import { createTypeWriter, type TypeWriter } from './schema-type.ts';

/** The text of `operation-types.d.ts`. */
export function operationDeclarations(): string {
  const writer = createTypeWriter();
  const shapes = publishedOperations().map(([name, route]) => `${operationText(name, route, writer)}\n`);
  // Needed by the client itself, whatever the routes answer.
  for (const schema of [OrderTransition, Problem, TokenPair]) writer.typeOf(schema);
  return [
    '/** What each operation takes and answers. Written from the contracts of the shop. */',
    '',
    writer.declarations(),
    'export interface Operations {',
    ...shapes.map((text) => text.replaceAll(/^(?=.)/gm, '  ').trimEnd()),
    '}',
    '',
    '/** The name of an operation, such as `placeOrder`. */',
    'export type OperationName = keyof Operations;',
    '',
    '/** Any operation may be refused with these, beside the codes of its own. */',
    `export type GeneralCode = ${union(generalCodes)};`,
    '',
    'export interface OperationShape {',
    '  params: unknown;',
    '  query: unknown;',
    '  body: unknown;',
    '  responses: object;',
    '  code: string;',
    '}',
    '',
    '/** Outside of the shop an operation is called by its name only. */',
    'export type DeclaredRoute = never;',
    'export type ShapeOfRoute<R> = R extends never ? never : never;',
    '',
  ].join('\n');
}

function operationText(name: string, route: RouteDeclaration, { typeOf }: TypeWriter): string {
  const { summary, method, path, access, params, query, body, responses, errors = [] } = route;
  const part = (schema: object | undefined): string => (schema === undefined ? 'undefined' : typeOf(schema).replaceAll('\n', '\n  '));
  const answers = Object.entries(responses).map(
    ([status, schema]) => `    ${status}: ${part(schema ?? undefined).replaceAll('\n', '\n  ')};`,
  );
  return [
    `/** ${summary}. \`${method} ${path}\`, ${access}. */`,
    `${name}: {`,
    `  params: ${part(params)};`,
    `  query: ${part(query)};`,
    `  body: ${part(body)};`,
    '  responses: {',
    ...answers,
    '  };',
    `  code: ${errors.length === 0 ? 'never' : union(errors)};`,
    '};',
  ].join('\n');
}

function union(codes: readonly string[]): string {
  return codes.map((code) => `'${code}'`).join(' | ');
}

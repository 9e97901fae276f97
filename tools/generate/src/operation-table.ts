/** What the client knows of each route at run time. Types say the rest, and leave nothing behind. */

import type { RouteDeclaration } from '@souk/contracts';
import { operationsOf } from '@souk/contracts/reference';

/** The routes that programs call, by the name of their declaration; pages and their forms are for browsers. Throws for one that is not exported. */
export function publishedOperations(): [name: string, route: RouteDeclaration][] {
  return operationsOf().flatMap(({ operation_id, route }) => (route.page === true ? [] : [[operation_id, route] as const])) as [
    string,
    RouteDeclaration,
  ][];
}

/** Lists with a cursor come in pages. */
function isPaged({ query, responses }: RouteDeclaration): boolean {
  const { properties = {} } = (query ?? {}) as { properties?: object };
  return 'cursor' in properties && (responses[200] as { type?: string } | null | undefined)?.type === 'array';
}

function inputOf({ method, body, body_type, query }: RouteDeclaration): 'body' | 'content' | 'query' | undefined {
  if (body_type !== undefined) return 'content';
  if (body !== undefined) return 'body';
  return query === undefined || method !== 'GET' ? undefined : 'query';
}

/** Pictures and pages: everything else answers JSON. */
function answersText({ response_types = ['application/json'] }: RouteDeclaration): boolean {
  return !response_types.includes('application/json');
}

function entryText([name, route]: [string, RouteDeclaration]): string {
  const takes = inputOf(route);
  const members = [
    `method: '${route.method}'`,
    `path: '${route.path}'`,
    `access: '${route.access}'`,
    ...(route.idempotent ? ['idempotent: true'] : []),
    ...(isPaged(route) ? ['paged: true'] : []),
    ...(takes === undefined ? [] : [`takes: '${takes}'`]),
    ...(answersText(route) ? ["answers: 'text'"] : []),
    ...(route.body_type === undefined ? [] : [`body_type: '${route.body_type}'`]),
  ];
  const line = `  ${name}: { ${members.join(', ')} },`;
  return line.length <= lineMost ? line : [`  ${name}: {`, ...members.map((member) => `    ${member},`), '  },'].join('\n');
}

const lineMost = 140;

/** The module, as the formatter would leave it. */
export function operationTable(): string {
  return [
    '/** Written by npm run generate from packages/contracts; changes made here are lost. Every route that clients reach, by name. */',
    'export const operations = {',
    ...publishedOperations().map(entryText),
    '} as const;',
    '',
  ].join('\n');
}

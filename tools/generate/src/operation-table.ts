/** What the client knows of each route at run time. Types say the rest, and leave nothing behind. */

import type { RouteDeclaration } from '@souk/contracts';
import * as contracts from '@souk/contracts';

/** Whether clients reach the route: those between services and those of fault injection are not for them. */
function isPublished({ access, path }: RouteDeclaration): boolean {
  return access !== 'internal' && access !== 'chaos' && !path.startsWith('/internal/');
}

/** The routes that clients reach, by the name of their declaration. Throws for one that is not exported. */
export function publishedOperations(): [name: string, route: RouteDeclaration][] {
  const names = new Map<unknown, string>(Object.entries(contracts).map(([name, declared]) => [declared, name]));
  return contracts.routes.filter(isPublished).map((route) => {
    const name = names.get(route);
    if (name === undefined) throw new TypeError(`The declaration of ${route.method} ${route.path} is not exported by the contracts.`);
    return [name, route];
  });
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
function answersText({ responses }: RouteDeclaration): boolean {
  return Object.values(responses).some((schema) => schema !== null && ['string', undefined].includes((schema as { type?: string }).type));
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

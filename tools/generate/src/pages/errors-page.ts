import { type ErrorEntry, errorTable, routes } from '@souk/contracts';
import { code, page, table } from '../markdown.ts';

export function errorsPage(): string {
  const entries = Object.entries(errorTable) as [string, ErrorEntry][];
  return page(
    'Errors',
    'Every way in which Souk says no. A refused request is answered with `application/problem+json` (RFC 9457); `code` is stable and is what a program should look at. *Passing* means that the same request may succeed later; answers with 429 and 503 say when, in `Retry-After`. For an event, a passing error leads to another attempt and a permanent one to a dead letter.',
    table(
      ['Code', 'Status', 'Title', 'Kind', 'What to do'],
      entries.map(([name, entry]) => [code(name), String(entry.status), entry.title, entry.kind, entry.advice]),
    ),
    '## Named by routes',
    'Beside the general ones (the request itself, who asks, the platform), these routes name codes of their own. [routes.md](routes.md) has them by route.',
    table(['Code', 'Routes'], routesByCode()),
  );
}

function routesByCode(): string[][] {
  const found = new Map<string, string[]>();
  for (const route of routes)
    for (const name of route.errors ?? []) found.set(name, [...(found.get(name) ?? []), `${route.method} ${route.path}`]);
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, where]) => [code(name), where.map(code).join(', ')]);
}

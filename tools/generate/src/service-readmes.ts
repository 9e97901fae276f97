/** The tables in the README of each service: address, routes, events and tables, between two marks; everything around them is written by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { type EventDefinition, events, queues, routes, type ServiceEntry, services } from '@souk/contracts';
import type { Document } from './document.ts';
import { code, codes, table } from './markdown.ts';

const tablesBegin = '<!-- Written by npm run generate from the code, down to the next mark. -->';
const tablesEnd = '<!-- End of what is generated. -->';
const portBase = 8_000;

export function serviceReadmes(root: URL): Document[] {
  return services.map((entry) => {
    const path = `services/${entry.name}/README.md`;
    return { path, text: withTables(readFileSync(new URL(path, root), 'utf8'), path, tablesOf(entry, root)) };
  });
}

/** Throws when the marks are not there, once each. */
function withTables(text: string, path: string, tables: string): string {
  const [before, rest, ...more] = text.split(tablesBegin);
  const [, after] = rest?.split(tablesEnd) ?? [];
  if (after === undefined || more.length > 0)
    throw new TypeError(`${path} needs the two marks of generated tables, once each:\n${tablesBegin}\n${tablesEnd}`);
  return `${before}${tablesBegin}\n\n${tables}\n\n${tablesEnd}${after}`;
}

function tablesOf({ name, port_offset, has_database }: ServiceEntry, root: URL): string {
  const all: readonly EventDefinition[] = events;
  const published = all.filter((event) => event.owner === name).map((event) => event.event_type);
  const rows = [
    ['Port', code(String(portBase + port_offset))],
    ['Database', has_database ? code(name) : 'none'],
    ['Tables', codes(tableNames(new URL(`services/${name}/migrations/`, root)), 'none')],
    ['Publishes', codes(published, 'nothing')],
    ['Configuration', `\`src/config.ts\`; [environment](../../docs/reference/environment.md)`],
  ];
  return [table(['', ''], rows), routesOf(name), queuesOf(name)].filter((part) => part !== '').join('\n\n');
}

function routesOf(name: string): string {
  const own = routes.filter((route) => route.service === name);
  if (own.length === 0) return '';
  return table(
    ['Route', 'Access', ''],
    own.map(({ method, path, access, summary }) => [code(`${method} ${path}`), access, summary]),
  );
}

function queuesOf(name: string): string {
  const own = Object.entries(queues).filter(([queue]) => queue.startsWith(`${name}.`));
  if (own.length === 0) return '';
  return table(
    ['Queue', 'Consumes'],
    own.map(([queue, consumed]) => [code(queue), codes(consumed)]),
  );
}

/** Those that the migrations of the service itself create; every service also has those of its kit and of messaging. */
function tableNames(folder: URL): string[] {
  const files = filesIn(folder).filter((file) => file.endsWith('.sql'));
  const created = files.flatMap((file) => [
    ...readFileSync(new URL(file, folder), 'utf8').matchAll(/^create (?:unlogged )?table (?:if not exists )?([\w.]+)/gim),
  ]);
  return [...new Set(created.map(([, table_name = '']) => table_name))].sort();
}

function filesIn(folder: URL): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

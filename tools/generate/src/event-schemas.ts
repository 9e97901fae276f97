/** The committed form of each event: what the compatibility test holds later changes against. */
import { events } from '@souk/contracts';
import type { Document } from './document.ts';

export const schemaFolder = 'packages/contracts/schemas/';
const lineMax = 140;
/** What the HTTP edge does with a text says nothing about an event, and no other validator knows the word. */
const edgeOnly = 'text_form';

export function eventSchemas(): Document[] {
  return events.map(({ event_type, version, schema }) => ({
    path: `${schemaFolder}${event_type}.${version}.json`,
    text: `${pretty(schema, 0)}\n`,
  }));
}

/** JSON as the formatter leaves it: members on lines of their own, lists of plain values on one line while they fit. */
function pretty(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = '  '.repeat(depth + 1);
  const outer = '  '.repeat(depth);
  if (Array.isArray(value)) {
    const flat = `[${value.map((part) => JSON.stringify(part)).join(', ')}]`;
    if (value.every((part) => typeof part !== 'object') && outer.length + flat.length + 14 <= lineMax) return flat;
    return `[\n${value.map((part) => `${inner}${pretty(part, depth + 1)}`).join(',\n')}\n${outer}]`;
  }
  const members = Object.entries(value)
    .filter(([name]) => name !== edgeOnly)
    .map(([name, part]) => `${inner}${JSON.stringify(name)}: ${pretty(part, depth + 1)}`);
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${outer}}`;
}

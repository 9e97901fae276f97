import { refusal } from '@souk/contracts';

/** Every list has it, filled in where it is left out. */
const general: ReadonlySet<string> = new Set(['limit']);

/**
 * The ids that a query asks for by this member, each once, in their order; undefined when it does not ask by ids. Throws
 * `validation_failed` when another filter stands beside it.
 */
export function listedIds<Name extends string>(query: Partial<Readonly<Record<Name, string>>>, name: Name): string[] | undefined {
  const ids = query[name];
  if (ids === undefined) return undefined;
  const others = Object.keys(query).filter((other) => other !== name && !general.has(other));
  if (others.length > 0) {
    const errors = others.map((other) => ({ pointer: `/${other}`, detail: `does not go with ${name}` }));
    throw refusal('validation_failed', `The query is not valid: ${others[0]} does not go with ${name}.`, { errors });
  }
  return [...new Set(ids.split(','))];
}

/** What was found, in the order in which it was asked for. */
export function inOrderOf<Found>(ids: readonly string[], found: readonly Found[], idOf: (one: Found) => string): Found[] {
  const byId = new Map(found.map((one) => [idOf(one), one]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

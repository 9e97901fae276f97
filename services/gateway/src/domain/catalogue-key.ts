/** Under which key an answer of the catalogue is kept: one key for all spellings of an address, none where the service has to judge it. */

/** A character that stands for bytes that were no UTF-8. */
const unreadable = '\ufffd';

/** The members of a query that a route declares. */
export interface DeclaredQuery {
  readonly names: ReadonlySet<string>;
  /** Of members that are named freely; they may come several times, in any order. */
  readonly patterns: readonly RegExp[];
}

/**
 * `path` without and `query` without its question mark; undefined when the address is not plain: encoded characters in the path, a
 * member that is not declared, or one that comes twice where it may not.
 */
export function catalogueKey(path: string, query: string, { names, patterns }: DeclaredQuery): string | undefined {
  if (path.includes('%')) return undefined;
  if (query === '') return path;
  const parts = new Set<string>();
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const isFree = !names.has(name) && patterns.some((pattern) => pattern.test(name));
    if (!(isFree || names.has(name)) || (seen.has(name) && !isFree) || value.includes(unreadable) || name.includes(unreadable))
      return undefined;
    seen.add(name);
    parts.add(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  }
  return `${path}?${[...parts].sort().join('&')}`;
}

/** Under which key an answer of the catalogue is kept: one key for all spellings of an address, none where the service has to judge it. */

/** A character that stands for bytes that were no UTF-8. */
const unreadable = '\ufffd';

/**
 * `path` without and `query` without its question mark; undefined when the address is not plain: encoded characters in the path, a
 * member that is not declared, or one that comes twice.
 */
export function catalogueKey(path: string, query: string, declared: ReadonlySet<string>): string | undefined {
  if (path.includes('%')) return undefined;
  if (query === '') return path;
  const members = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!declared.has(name) || members.has(name) || value.includes(unreadable)) return undefined;
    members.set(name, value);
  }
  const parts = [...members].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).sort();
  return `${path}?${parts.join('&')}`;
}

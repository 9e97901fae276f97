/**
 * The grammar of cache keys and tags. A key is `service:resource:id[:view]`, a tag is a key's beginning or any name of
 * the same form: `products:list`, `orders:user:5f…`. One function per resource builds its keys, so that
 * invalidation and loading spell them alike.
 */
import { createHash } from 'node:crypto';
import { AppError } from '@souk/kernel';

/** Longest key or tag, in characters. */
export const keyLengthMax = 300;

const segment = '[A-Za-z0-9._~@=+-]{1,128}';
const keyPattern = new RegExp(`^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}:${segment}(?::${segment})?$`);
const tagPattern = new RegExp(`^[a-z][a-z0-9_-]{0,39}(?::${segment}){0,3}$`);

/** Refuses with `cache_key_invalid` what is not `service:resource:id[:view]`. */
export function checkKey(key: string): void {
  if (key.length > keyLengthMax || !keyPattern.test(key)) throw invalid('key', key, 'service:resource:id[:view]');
}

/** Refuses with `cache_key_invalid` what is not `name[:part]…` with at most four parts. */
export function checkTag(tag: string): void {
  if (tag.length > keyLengthMax || !tagPattern.test(tag)) throw invalid('tag', tag, 'service[:resource[:id[:view]]]');
}

/** `cacheKey('products', 'product', id, 'card')` is `products:product:<id>:card`; refuses parts that do not fit with `cache_key_invalid`. */
export function cacheKey(service: string, resource: string, id: string, view?: string): string {
  const key = view === undefined ? `${service}:${resource}:${id}` : `${service}:${resource}:${id}:${view}`;
  checkKey(key);
  return key;
}

/**
 * The key of a list: its filters, in whatever order they are written, become a digest in place of the id. Filters that
 * are undefined count as absent. `listKey('products', 'list', { category: 'shoes', limit: 20 })`.
 */
export function listKey(
  service: string,
  resource: string,
  filters: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const present = Object.entries(filters).filter(([, value]) => value !== undefined);
  present.sort(([left], [right]) => (left < right ? -1 : 1));
  const digest = createHash('sha256').update(JSON.stringify(present)).digest('base64url').slice(0, 32);
  return cacheKey(service, resource, digest);
}

function invalid(kind: string, text: string, form: string): AppError {
  return new AppError('cache_key_invalid', `${JSON.stringify(text.slice(0, keyLengthMax))} is not a cache ${kind} of the form ${form}.`);
}

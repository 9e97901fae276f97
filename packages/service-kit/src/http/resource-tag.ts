/**
 * Entity tags on the wire name the resource beside its version: `"7~k3Jx0aQe"`. Two resources at the same version then
 * never share a tag, also where one address shows each caller another resource, such as `/api/users/me`.
 */
import { hash } from 'node:crypto';
import type { RouteDeclaration } from '@souk/contracts';

const scopeLength = 10;
const scoped = /"([^"~]*)~([A-Za-z0-9_-]+)"/g;

/** What tags of a resource end with. It is named by the parameters of its address, else by the `id` in its document. */
export function resourceScope(route: RouteDeclaration, params: unknown, document: unknown): string {
  const named = Object.values((params ?? {}) as Record<string, unknown>);
  const identity = named.length > 0 ? named.join('/') : String((document as { id?: unknown } | undefined)?.id ?? route.path);
  return hash('sha256', `${route.service} ${identity}`, 'base64url').slice(0, scopeLength);
}

/** The tag of a version of the resource. */
export function resourceTag(version: number | string, scope: string): string {
  return `"${version}~${scope}"`;
}

/** A header of entity tags as the versions of this resource; tags of other resources stay as they are and match nothing. */
export function versionsOf(header: string, scope: string): string {
  return header.replaceAll(scoped, (tag, version: string, of: string) => (of === scope ? `"${version}"` : tag));
}

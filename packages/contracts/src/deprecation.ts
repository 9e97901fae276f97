/** How a route that is to go is announced to those who call it: the same in the reference and in the headers of each answer. */

export interface DeprecationNotice {
  /** Day since which it is deprecated, such as `2026-11-29` (UTC). */
  since: string;
  /** Day from which it may be gone. */
  sunset?: string;
  /** What to call in its place: a sentence for people. */
  instead: string;
}

interface AnnouncedRoute {
  service: string;
  deprecated?: DeprecationNotice;
}

/**
 * The headers of every answer of a deprecated route, refusals included: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and
 * `Link` to the page of the reference that says what to call in its place. None for a route that stays.
 */
export function deprecationHeaders({ deprecated, service }: AnnouncedRoute): readonly (readonly [string, string])[] {
  if (deprecated === undefined) return [];
  const { since, sunset } = deprecated;
  return [
    ['deprecation', `@${startOf(since).getTime() / 1_000}`],
    ...(sunset === undefined ? [] : [['sunset', startOf(sunset).toUTCString()] as const]),
    ['link', `</docs/${service}>; rel="deprecation"; type="text/html"`],
  ];
}

function startOf(day: string): Date {
  const instant = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(instant.getTime())) throw new TypeError(`${day} is not a day such as 2026-11-29.`);
  return instant;
}

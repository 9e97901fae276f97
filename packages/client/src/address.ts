/** The path of an operation with its members filled in: `/api/orders/0190…?limit=5`. Undefined query members are left out. */
export function addressOf(path: string, params?: unknown, query?: unknown): string {
  const given = (params ?? {}) as Record<string, unknown>;
  const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_all, name: string) => {
    const value = given[name];
    if (value === undefined) throw new TypeError(`${path} needs the member ${name}`);
    // An empty one or a dot would lead to another path.
    if (value === '' || value === '.' || value === '..') throw new TypeError(`${path} needs a member ${name} that is not "${value}"`);
    return encodeURIComponent(String(value));
  });
  const members = Object.entries((query ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`));
  return members.length === 0 ? filled : `${filled}?${members.join('&')}`;
}

/** The address that a `Link` header (RFC 8288) gives for the relation. */
export function linkTo(relation: string, header: string | undefined): string | undefined {
  for (const [, address, parameters = ''] of (header ?? '').matchAll(/<([^<>]*)>((?:\s*;\s*[^\s=;,]+(?:=(?:"[^"]*"|[^\s;,"]+))?)*)/g)) {
    const [, quoted, plain] = /;\s*rel=(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    if ((quoted ?? plain ?? '').split(' ').includes(relation)) return address;
  }
  return undefined;
}

/** Seconds of a `Retry-After` header (RFC 9110): a number, or a date. */
export function retryAfterS(header: string | undefined, now_ms: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const date_ms = Date.parse(header);
  return Number.isNaN(date_ms) ? undefined : Math.max(0, (date_ms - now_ms) / 1_000);
}

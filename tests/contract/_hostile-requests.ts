/** Requests made from the published document: examples that are changed here and there, as careless and as hostile clients do. */
import type { Json, PlainRequest, PublishedApi, PublishedOperation } from './_published-api.ts';

/** Between 0 and 1; the same numbers for the same seed (mulberry32, T. Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Known {
  /** Tokens by role. */
  tokens: readonly string[];
  /** Ids that exist, by the name of the path parameter. */
  ids: Readonly<Record<string, readonly string[]>>;
}

const texts: readonly string[] = [
  '',
  ' ',
  'x'.repeat(300),
  'null',
  '0',
  '-1',
  '1e309',
  '00000000-0000-0000-0000-000000000000',
  '0198c5a4-7be2-7f19-93c4-0d5e6f708192',
  "'; drop table orders; --",
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\u202eabc',
  '😀'.repeat(20),
  'é',
  'tok_declined',
  'WyJ4Il0',
  '{"a":1}',
  '<script>alert(1)</script>',
  '2026-11-29T00:00:00Z',
];
/** In the form of an instant, but none: another fault than that of a text, because only what reads the instant sees it. */
const instantsThatAreNone: readonly string[] = [
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-12-01T25:00:00Z',
  '2026-12-01T23:59:60Z',
  '0000-01-01T00:00:00Z',
];
const values: readonly unknown[] = [
  ...instantsThatAreNone,
  ...texts,
  null,
  true,
  0,
  -1,
  1,
  0.005,
  1e15,
  -1e300,
  2 ** 53 + 2,
  [],
  {},
  [[]],
  [null],
  JSON.parse('{"__proto__":{"x":1},"constructor":"x"}'),
  Array.from({ length: 200 }, () => 'x'),
  'y'.repeat(70_000),
];
const headerTexts: readonly string[] = [
  'x',
  '*',
  '"1"',
  'W/"7~x"',
  'wait=1',
  'wait=99999999999',
  'a'.repeat(260),
  '%',
  'text/html',
  '*/*;q=0',
  'gzip;q=x',
  '1',
  'bytes=0-1',
];
const headerNames = [
  'if-match',
  'if-none-match',
  'prefer',
  'idempotency-key',
  'last-event-id',
  'x-correlation-id',
  'traceparent',
  'accept',
  'accept-encoding',
  'cache-control',
  'range',
  'origin',
];

export class HostileRequests {
  readonly #api: PublishedApi;
  readonly #known: Known;
  readonly #random: () => number;

  constructor(api: PublishedApi, known: Known, random: () => number) {
    this.#api = api;
    this.#known = known;
    this.#random = random;
  }

  next(operations: readonly PublishedOperation[]): { operation: PublishedOperation; request: PlainRequest } {
    const operation = this.#one(operations);
    const headers = this.#headers();
    const body = this.#body(operation, headers);
    return { operation, request: { address: this.#address(operation), headers, body } };
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #often(share: number): boolean {
    return this.#random() < share;
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    if (this.#often(0.8)) headers['authorization'] = `Bearer ${this.#one(this.#known.tokens)}`;
    else if (this.#often(0.3)) headers['authorization'] = this.#one(['Bearer x', 'Basic eDp5', 'Bearer a.b.c', 'x']);
    while (this.#often(0.3)) headers[this.#one(headerNames)] = this.#one(headerTexts);
    return headers;
  }

  #address({ path, described }: PublishedOperation): string {
    const parameters = (described['parameters'] as Json[]).map((parameter) => this.#api.resolved(parameter));
    const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_all, name: string) => {
      const known = this.#known.ids[name] ?? [];
      const example = parameters.find((parameter) => parameter['name'] === name)?.['example'];
      if (known.length > 0 && this.#often(0.7)) return encodeURIComponent(this.#one(known));
      const text = this.#often(0.5) ? String(example) : this.#one(texts);
      // An empty segment is another address, and points lead to others.
      return encodeURIComponent(/^\.*$/.test(text) ? 'x' : text);
    });
    const query = new URLSearchParams();
    for (const parameter of parameters) {
      const name = String(parameter['name']);
      if (parameter['in'] !== 'query' || !this.#often(parameter['required'] === true ? 0.9 : 0.3)) continue;
      query.append(name, this.#often(0.6) ? String(parameter['example']) : this.#wrong(parameter['example']));
      if (this.#often(0.05)) query.append(name, '1');
    }
    if (this.#often(0.05)) query.append('unknown_member', 'x');
    const text = query.toString();
    return text === '' ? filled : `${filled}?${text}`;
  }

  #body({ described }: PublishedOperation, headers: Record<string, string>): string | undefined {
    const content = Object.entries(((described['requestBody'] as Json | undefined)?.['content'] ?? {}) as Record<string, Json>)[0];
    if (content === undefined) return undefined;
    const [type, { example }] = content;
    headers['content-type'] = this.#often(0.95)
      ? type
      : this.#one(['text/plain', 'application/xml', 'application/json; charset=latin1', 'x']);
    if (this.#often(0.05))
      return this.#one(['', '{', '[]', 'null', '"x"', '{"a":1,"a":2}', '{"__proto__":1}', '\ufeff{}', '[[[[[[[[', '1e400']);
    if (typeof example === 'string') return this.#often(0.7) ? example : this.#one(texts);
    const changed = structuredClone(example ?? {}) as Json;
    while (this.#often(0.6)) this.#change(changed);
    return JSON.stringify(changed);
  }

  /** One member, at any depth, gets another value, goes, or is added. */
  #change(within: Json | unknown[]): void {
    const keys = Object.keys(within);
    const key = this.#one(keys);
    const inner = (within as Json)[key];
    if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && this.#often(0.6)) this.#change(inner as Json);
    else if (this.#often(0.1)) (within as Json)['unknown_member'] = 1;
    else if (key === undefined) return;
    else if (this.#often(0.2) && !Array.isArray(within)) delete within[key];
    else (within as Json)[key] = isInstantText(inner) ? this.#wrong(inner) : structuredClone(this.#one(values));
  }

  #wrong(example: unknown): string {
    return isInstantText(example) && this.#often(0.7) ? this.#one(instantsThatAreNone) : this.#one(texts);
  }
}

function isInstantText(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
}

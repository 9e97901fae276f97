/** Values enter the cache as JSON and leave it deeply frozen: no caller can change what another one is given. */
import { assert } from '@souk/kernel';

/** The text of a value and the frozen value that text stands for. */
export interface StoredValue {
  text: string;
  value: unknown;
}

/** Deepest nesting that is stored. */
const depthMax = 64;

/** An own frozen copy of a JSON value. A value that JSON would silently change (a Date, a Map, NaN) is a mistake of the program. */
export function storedValue(value: unknown): StoredValue {
  assertJson(value, '$', 0);
  const text = JSON.stringify(value);
  return { text, value: parseFrozen(text) };
}

/** Reads JSON text into a deeply frozen value. Throws SyntaxError for anything else. */
export function parseFrozen(text: string): unknown {
  return freeze(JSON.parse(text));
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

function assertJson(value: unknown, path: string, depth: number): void {
  assert(depth <= depthMax, `a cached value is nested deeper than ${depthMax}`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `${path} of a cached value is not a JSON number`);
    return;
  }
  assert(typeof value === 'object', `${path} of a cached value is not JSON: ${typeof value}`);
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) assertJson(member, `${path}[${index}]`, depth + 1);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  assert(prototype === null || prototype === Object.prototype, `${path} of a cached value is not a plain object`);
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) assertJson(member, `${path}.${name}`, depth + 1);
  }
}

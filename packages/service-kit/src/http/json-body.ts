/** Reads a JSON body strictly: UTF-8, one meaning only (no repeated member, nothing that touches prototypes), text the database can hold. */
import { refusal } from '@souk/contracts';
import type { AppError } from '@souk/kernel';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const depthMax = 50;

/** The text of a body; throws `json_invalid` when it is not UTF-8. */
export function decodeBody(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw invalid('The body is not valid UTF-8.', error);
  }
}

/** The value of a JSON body, read as strictly as every service reads it; throws `json_invalid`. */
export function readJson(bytes: Uint8Array): unknown {
  return parseJson(decodeBody(bytes));
}

/** The value of a JSON text; throws `json_invalid`. */
export function parseJson(text: string): unknown {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string') checkText(value);
    return value;
  }
  const members = walk(value, 0, text.includes('\\u'));
  if (members !== countMembers(text)) throw invalid('A member is given more than once in the same object.');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(text.trim() === '' ? 'The body is empty.' : 'The body is not JSON.', error);
  }
}

/** Counts the members of all objects inside and refuses what must not pass. */
function walk(value: object, depth: number, escapes: boolean): number {
  if (depth > depthMax) throw invalid(`The body is nested deeper than ${depthMax} levels.`);
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += walkItem(item, depth, escapes);
    return members;
  }
  for (const name of Object.keys(value)) {
    if (name === '__proto__') throw invalid('A member must not be called __proto__.');
    if (escapes) checkText(name);
    members += 1 + walkItem((value as Record<string, unknown>)[name], depth, escapes);
  }
  return members;
}

function walkItem(item: unknown, depth: number, escapes: boolean): number {
  if (typeof item === 'object' && item !== null) return walk(item, depth + 1, escapes);
  if (escapes && typeof item === 'string') checkText(item);
  return 0;
}

/** NUL and lone surrogates can only come from escapes; the database can keep neither. */
function checkText(text: string): void {
  if (text.includes('\u0000') || !text.isWellFormed())
    throw invalid('A text holds a character that cannot be kept (NUL or half of a pair).');
}

/** How many members the text writes down: colons outside of strings. The text is known to be valid JSON. */
function countMembers(text: string): number {
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 58) members += 1;
    else if (code === 34) at = endOfString(text, at);
  }
  return members;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes += 1;
  return slashes % 2 === 1;
}

function invalid(detail: string, cause?: unknown): AppError {
  return refusal('json_invalid', detail, {}, cause);
}

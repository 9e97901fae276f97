/** Markup that cannot be broken out of: only `html` makes it, and every text in it is escaped. */
import { type Hole, parseTemplate } from './template.ts';

const maker = Symbol('made by html');

/** Made by `html` alone; what merely looks like one, such as an object from the wire, is refused. */
export class Html {
  readonly #markup: string;

  constructor(key: symbol, markup: string) {
    if (key !== maker) throw new TypeError('only html makes markup');
    this.#markup = markup;
  }

  /** The markup as text, for what sends it. */
  toString(): string {
    return this.#markup;
  }
}

/**
 * Data for programs that read pages, as JSON-LD of schema.org. A browser runs nothing of it, and no text in it can end the element:
 * what could begin a tag is written by its code.
 */
export function structuredData(data: object): Html {
  const text = JSON.stringify(data).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Html(maker, `<script type="application/ld+json">${text}</script>`);
}

/** What may stand in a template: undefined and false are nothing, true is an attribute without value, lists are joined. */
export type Part = string | number | boolean | Html | readonly Part[] | undefined;

interface Template {
  /** Markup around the parts; where an attribute's whole value is a part, without the attribute. */
  readonly texts: readonly string[];
  readonly holes: readonly Hole[];
}

/** A template is parsed when it is first used; the language keeps one array of strings for each place in the code. */
const templates = new WeakMap<TemplateStringsArray, Template>();

const special = /[&<>"']/;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** A path of this shop, a place on the page, a query, or an address that is encrypted; two slashes would name another shop. */
const address = /^(?:\/(?![/\\])|#|\?|https:\/\/)/;
// Browsers drop these inside addresses, so that what follows would be read as something else.
const ignoredInAddresses = /[\p{Cc}\s\\]/u;

/** Whether `html` takes it as an address: `/…`, `#…`, `?…` or `https://…`, without spaces and control characters. */
export function isAddress(text: string): boolean {
  return address.test(text) && !ignoredInAddresses.test(text);
}

/**
 * Markup of a template. Throws a TypeError for a part where none can be made safe: in a tag, a script, a style, a comment or an
 * unquoted value, for a handler or style attribute, and for an address that is not `/…`, `#…`, `?…` or `https://…`.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const { texts, holes } = templateOf(strings);
  let text = texts[0] ?? '';
  for (const [index, hole] of holes.entries()) text += `${written(hole, parts[index])}${texts[index + 1]}`;
  for (const hole of holes) if (hole.kind === 'address' && hole.last) checkAddress(hole, parts);
  return new Html(maker, text);
}

function templateOf(strings: TemplateStringsArray): Template {
  const known = templates.get(strings);
  if (known) return known;
  const template = parseTemplate(strings);
  templates.set(strings, template);
  return template;
}

function written(hole: Hole, part: Part): string {
  if (hole.kind === 'text') return textOf(part);
  if (hole.kind === 'plain') return plainOf(part);
  if (hole.attribute === undefined) return plainOf(part);
  if (part === undefined || part === false) return '';
  return part === true ? ` ${hole.attribute}` : ` ${hole.attribute}="${plainOf(part)}"`;
}

function textOf(part: Part): string {
  if (part === undefined || typeof part === 'boolean') return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if (part instanceof Html) return part.toString();
  if (Array.isArray(part)) return part.map(textOf).join('');
  throw new TypeError('a template takes texts, numbers, lists and what html has made');
}

/** Where no element may stand. */
function plainOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  throw new TypeError('an attribute and a title take a text or a number');
}

function escaped(text: string): string {
  // Most texts have nothing to escape, and looking is cheaper than replacing.
  return !special.test(text) ? text : text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

function checkAddress({ before, first }: Extract<Hole, { kind: 'address' }>, parts: readonly Part[]): void {
  const given = parts.slice(first, first + before.length);
  if (before.length === 1 && before[0] === '' && (given[0] === undefined || given[0] === false)) return;
  const whole = before.map((text, index) => `${text}${String(given[index] ?? '')}`).join('');
  if (!isAddress(whole)) throw new TypeError(`${JSON.stringify(whole.slice(0, 80))} is no address of this shop and none with https`);
}

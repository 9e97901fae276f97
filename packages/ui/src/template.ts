/** Reads the markup around the parts of a template as a browser would, and says what each part stands in. */

export type Hole =
  /** Between elements: texts and markup. */
  | { readonly kind: 'text' }
  /** In an element that holds only text, such as `title`. */
  | { readonly kind: 'plain' }
  /** In a quoted value; `attribute` is its name where the part is the whole value, and then written with it. */
  | { readonly kind: 'attribute'; readonly attribute: string | undefined }
  | {
      readonly kind: 'address';
      readonly attribute: string | undefined;
      /** The fixed text before each part of the value, up to the last. */
      readonly before: readonly string[];
      /** Which part of the template is the first of the value. */
      readonly first: number;
      readonly last: boolean;
    };

export interface ParsedTemplate {
  readonly texts: readonly string[];
  readonly holes: readonly Hole[];
}

const addressAttributes = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'poster',
  'data',
  'cite',
  'background',
  'manifest',
  'xlink:href',
]);
/** Values that are a language of their own; no escaping makes a part safe there. */
const refusedAttribute = /^(?:on.*|style|srcdoc|srcset|imagesrcset|ping)$/;
const plainElements = new Set(['title', 'textarea']);
const rawElements = new Set(['script', 'style', 'iframe', 'noembed', 'noframes', 'noscript', 'plaintext', 'template', 'xmp']);

interface Place {
  state: 'text' | 'comment' | 'tag' | 'value';
  /** The element whose content or tag it is, in lower case. */
  element: string;
  attribute: string;
  quote: string;
  /** Fixed texts of the value so far; the last one is still being read. */
  value: string[];
  first: number;
}

const tagStart = /<(!--|\/?[A-Za-z][^\s/>]*|![^>]*>)/g;
const attributeStart = /\s*([^\s=>"'/]+)\s*(?:=\s*(["']?))?|\s*\/?(>)/y;

/** Throws a TypeError that quotes the markup before a part which has no place there. */
export function parseTemplate(strings: readonly string[]): ParsedTemplate {
  const place: Place = { state: 'text', element: '', attribute: '', quote: '', value: [], first: 0 };
  const texts: string[] = [];
  const holes: Hole[] = [];
  for (const [index, string] of strings.entries()) {
    const before = holes.at(-1);
    const isWhole = place.state === 'value' && string.startsWith(place.quote) && place.value.length === 2 && place.value[0] === '';
    advance(place, string);
    // The quote after a part that is a whole value is written with the part.
    const text = isWhole && before !== undefined && 'attribute' in before && before.attribute !== undefined ? string.slice(1) : string;
    texts.push(text);
    if (index === strings.length - 1) break;
    const hole = holeAt(place, strings, index);
    if ('attribute' in hole && hole.attribute !== undefined) texts[index] = (texts[index] ?? '').replace(/\s+[^\s=]+\s*=\s*["']$/, '');
    holes.push(hole);
  }
  if (place.state !== 'text') throw new TypeError(`a template ends within a tag: ${quoted(strings.at(-1))}`);
  return { texts, holes: holes.map((hole, index) => (hole.kind === 'address' ? { ...hole, last: isLast(holes, index) } : hole)) };
}

function isLast(holes: readonly Hole[], index: number): boolean {
  const [hole, next] = [holes[index], holes[index + 1]];
  return !(hole?.kind === 'address' && next?.kind === 'address' && next.first === hole.first);
}

function holeAt(place: Place, strings: readonly string[], index: number): Hole {
  const refuse = (where: string): never => {
    throw new TypeError(`a template has a part ${where}: ${quoted(strings[index])}`);
  };
  if (place.state === 'comment') return refuse('in a comment');
  if (place.state === 'tag') return refuse('in a tag, outside a quoted value');
  if (place.state === 'text') {
    if (rawElements.has(place.element)) return refuse(`in <${place.element}>`);
    return { kind: plainElements.has(place.element) ? 'plain' : 'text' };
  }
  if (place.quote === '') return refuse('in a value without quotes');
  if (refusedAttribute.test(place.attribute)) return refuse(`in the attribute ${place.attribute}`);
  if (place.value.length === 1) place.first = index;
  const isWhole = place.value.length === 1 && place.value[0] === '' && (strings[index + 1] ?? '').startsWith(place.quote);
  const attribute = isWhole ? place.attribute : undefined;
  const before = [...place.value];
  place.value.push('');
  if (!addressAttributes.has(place.attribute)) return { kind: 'attribute', attribute };
  return { kind: 'address', attribute, before, first: place.first, last: true };
}

/** Moves the place over a piece of fixed markup. */
function advance(place: Place, string: string): void {
  let at = 0;
  while (at < string.length) {
    if (place.state === 'text') at = overText(place, string, at);
    else if (place.state === 'comment') at = overComment(place, string, at);
    else if (place.state === 'tag') at = overTag(place, string, at);
    else at = overValue(place, string, at);
  }
}

function overText(place: Place, string: string, at: number): number {
  if (rawElements.has(place.element) || plainElements.has(place.element)) return overContent(place, string, at);
  tagStart.lastIndex = at;
  const found = tagStart.exec(string);
  // A part behind it would name the element.
  if (string.slice(at, found?.index).includes('<')) throw new TypeError(`a template has a bare "<": ${quoted(string)}`);
  if (!found) return string.length;
  const [whole, name = ''] = found;
  if (name === '!--') place.state = 'comment';
  else if (!name.startsWith('!')) Object.assign(place, { state: 'tag', element: name.toLowerCase() });
  return found.index + whole.length;
}

/** Up to the end tag of an element that holds no others. */
function overContent(place: Place, string: string, at: number): number {
  const end = string.toLowerCase().indexOf(`</${place.element}`, at);
  if (end < 0) return string.length;
  Object.assign(place, { state: 'tag', element: `/${place.element}` });
  return end + place.element.length + 1;
}

function overComment(place: Place, string: string, at: number): number {
  const end = string.indexOf('-->', at);
  if (end < 0) return string.length;
  place.state = 'text';
  return end + 3;
}

function overTag(place: Place, string: string, at: number): number {
  attributeStart.lastIndex = at;
  const found = attributeStart.exec(string);
  if (!found) return at + 1;
  const [whole, name, quote, end] = found;
  if (end !== undefined) Object.assign(place, { state: 'text', element: place.element.startsWith('/') ? '' : place.element });
  else if (quote !== undefined) Object.assign(place, { state: 'value', attribute: (name ?? '').toLowerCase(), quote, value: [''] });
  return at + Math.max(whole.length, 1);
}

function overValue(place: Place, string: string, at: number): number {
  const end = place.quote === '' ? string.slice(at).search(/[\s>]/) : string.slice(at).indexOf(place.quote);
  const text = end < 0 ? string.slice(at) : string.slice(at, at + end);
  place.value[place.value.length - 1] += text;
  if (end < 0) return string.length;
  place.state = 'tag';
  return at + end + place.quote.length;
}

function quoted(string = ''): string {
  return JSON.stringify(string.slice(-60));
}

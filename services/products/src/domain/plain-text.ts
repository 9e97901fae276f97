/**
 * Plain text out of the HTML that shops keep their descriptions in. Tags go, what they separate stays apart. Each
 * character is looked at a bounded number of times, whatever the text: no search begins anew where an earlier one ended.
 */
import { normalText } from '@souk/kernel';
import { decodeHTMLStrict } from 'entities';

/** What a reader does not see, with all that is inside. */
const invisible: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'template', 'iframe', 'noscript', 'svg'].map((name) => [name, new RegExp(`</${name}\\s*>`, 'gi')]),
);
const blocks = 'p div br li ul ol h1 h2 h3 h4 h5 h6 table tr section article blockquote hr dt dd pre'.split(' ');
/** What stands in place of a tag; nothing for all others. */
const instead: ReadonlyMap<string, string> = new Map([...blocks.map((name) => [name, '\n'] as const), ['td', ' '], ['th', ' ']]);
const tagName = /<\/?([a-z][a-z0-9]{0,30})(?![a-z0-9])/iy;

/** The text a reader of the HTML would see; text without tags stays as it is, but for its entities. */
export function plainText(html: string): string {
  return tidied(decodeHTMLStrict(withoutTags(html)).replaceAll('\ufffd', ''));
}

function withoutTags(html: string): string {
  const kept: string[] = [];
  let at = 0;
  let close = -1;
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
    kept.push(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      at = endOf(html.indexOf('-->', open + 4), 3, html);
      continue;
    }
    // The next closing bracket is looked for once, however many opening ones come before it.
    if (close < open) close = endOf(html.indexOf('>', open), 0, html);
    const name = nameOfTag(html, open);
    const next = html.indexOf('<', open + 1);
    if (name === undefined || close === html.length || (next >= 0 && next < close)) {
      kept.push('<');
      at = open + 1;
      continue;
    }
    kept.push(invisible.has(name) ? ' ' : (instead.get(name) ?? ''));
    at = invisible.has(name) && html[open + 1] !== '/' ? behind(html, close + 1, invisible.get(name)) : close + 1;
  }
  kept.push(html.slice(at));
  return kept.join('');
}

function nameOfTag(html: string, open: number): string | undefined {
  tagName.lastIndex = open;
  return tagName.exec(html)?.[1]?.toLowerCase();
}

function endOf(found: number, length: number, html: string): number {
  return found < 0 ? html.length : found + length;
}

/** Behind the end of an element, or at the end of the text when it has none. */
function behind(html: string, from: number, end: RegExp | undefined): number {
  if (end === undefined) return from;
  end.lastIndex = from;
  return end.exec(html) === null ? html.length : end.lastIndex;
}

/** In its normal form, without control characters and without more space than a reader needs. */
export function tidied(text: string): string {
  return normalText(
    text
      .replace(/\r\n?/g, '\n')
      // Control characters but tab and line break.
      .replace(/[^\P{Cc}\t\n]/gu, '')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n'),
  );
}

/** A text for one line: what separated lines is a space. */
export function oneLine(text: string): string {
  return tidied(text).replace(/\s+/g, ' ');
}

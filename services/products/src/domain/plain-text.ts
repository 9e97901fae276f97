/** Plain text out of the HTML that shops keep their descriptions in. Tags go, what they separate stays apart. */

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['ndash', '–'],
  ['mdash', '—'],
  ['hellip', '…'],
  ['rsquo', '’'],
  ['lsquo', '‘'],
  ['ldquo', '“'],
  ['rdquo', '”'],
  ['bull', '•'],
  ['middot', '·'],
  ['deg', '°'],
  ['times', '×'],
  ['frac12', '½'],
  ['frac14', '¼'],
  ['euro', '€'],
  ['pound', '£'],
  ['cent', '¢'],
  ['yen', '¥'],
  ['copy', '©'],
  ['reg', '®'],
  ['trade', '™'],
  ['eacute', 'é'],
  ['egrave', 'è'],
  ['ecirc', 'ê'],
  ['agrave', 'à'],
  ['acirc', 'â'],
  ['ccedil', 'ç'],
  ['ouml', 'ö'],
  ['uuml', 'ü'],
  ['auml', 'ä'],
  ['Ouml', 'Ö'],
  ['Uuml', 'Ü'],
  ['Auml', 'Ä'],
  ['szlig', 'ß'],
  ['ntilde', 'ñ'],
  ['oacute', 'ó'],
  ['iacute', 'í'],
  ['aacute', 'á'],
  ['uacute', 'ú'],
  ['oslash', 'ø'],
  ['aring', 'å'],
  ['aelig', 'æ'],
  ['laquo', '«'],
  ['raquo', '»'],
  ['shy', ''],
  ['zwnj', ''],
  ['zwj', ''],
  ['ensp', ' '],
  ['emsp', ' '],
  ['thinsp', ' '],
]);

const invisible = /<(script|style|template|iframe|noscript|svg)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi;
const blocks = /<\/?(?:p|div|br|li|ul|ol|h[1-6]|table|tr|section|article|blockquote|hr|dt|dd|pre)\b[^>]*>/gi;

/** The text a reader of the HTML would see; text without tags stays as it is, but for its entities. */
export function plainText(html: string): string {
  const bare = html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(invisible, ' ')
    .replace(/<(?:td|th)\b[^>]*>/gi, ' ')
    .replace(blocks, '\n')
    .replace(/<\/?[a-z][^<>]*>/gi, '');
  return tidied(decodeEntities(bare));
}

/** Without control characters and without more space than a reader needs. */
export function tidied(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // Control characters but tab and line break, and what has no width.
      .replace(/[^\P{Cc}\t\n]|[\u200b\ufeff]/gu, '')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}

/** A text for one line: what separated lines is a space. */
export function oneLine(text: string): string {
  return tidied(text).replace(/\s+/g, ' ');
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,30}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities.get(name) ?? whole;
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : '';
    },
  );
}

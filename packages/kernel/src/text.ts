/**
 * The beginning of a text, at most `length_max` UTF-16 units, never ending in half of a surrogate pair: a lone half is
 * no character, and no database takes it.
 */
export function beginningOf(text: string, length_max: number): string {
  if (text.length <= length_max) return text;
  const last = text.charCodeAt(length_max - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? length_max - 1 : length_max);
}

/** Characters without width or meaning of their own: soft hyphen, zero-width space, byte order mark, joiners of words, bidirectional embeddings. */
const noise = /[\u00ad\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;
/** Everything that is drawn as nothing, also where it has a meaning inside a text, such as the joiner inside an emoji. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
const visible = /[^\s\u2800\p{Default_Ignorable_Code_Point}]/u;
/** What looks like nothing at the end of a text; variation selectors are not among them, they belong to the character before. */
const blank = /\s|[\u061c\u115f\u1160\u200c-\u200f\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5/;
const plainAscii = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * A text in the one form in which it is kept and compared: Unicode NFC, without characters that have neither width nor
 * meaning, without blanks around it. Empty when nothing in it can be seen.
 */
export function normalText(text: string): string {
  if (plainAscii.test(text)) return text;
  const composed = text.replace(noise, '').normalize('NFC');
  if (!visible.test(composed)) return '';
  let start = 0;
  let end = composed.length;
  while (start < end && blank.test(composed[start] ?? '')) start += 1;
  while (end > start && blank.test(composed[end - 1] ?? '')) end -= 1;
  return composed.slice(start, end);
}

/**
 * An identifier that people write, such as a SKU, in the form in which it is kept and compared: as `normalText`, every
 * run of blanks inside a single space, and nothing that cannot be seen. Two that look alike because of such characters are one.
 */
export function normalCode(text: string): string {
  return normalText(normalText(text).replace(ignorable, '').replace(/\s+/g, ' '));
}

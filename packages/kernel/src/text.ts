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

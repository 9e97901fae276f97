/** The header fields of an answer as a flat list: names in lower case and values, by turns. */

export type Fields = readonly string[];

/** The first value of a field; undefined where it is missing. */
export function fieldOf(fields: Fields, name: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) if (fields[at] === name) return fields[at + 1];
  return undefined;
}

import { createHash } from 'node:crypto';

/** Texts beyond this many run unprepared: each prepared text costs memory in every connection of the server. */
const textsMax = 500;

/** Gives each statement text a stable name; a text built from data would soon fill the list, which is why it is bounded. */
export function createStatementNames(texts_max = textsMax): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= texts_max) return known;
    const name = `souk_${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`;
    names.set(text, name);
    return name;
  };
}

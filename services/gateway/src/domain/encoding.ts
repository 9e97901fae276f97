/** Which coding of an answer a client takes (RFC 9110, section 12.5.3), and entity tags of coded answers. */

export type BodyCoding = 'gzip' | 'br' | 'zstd';
export type Coding = 'identity' | BodyCoding;

/** Smallest first, as they come out for JSON that is coded once and sent often. */
const smallestFirst: readonly BodyCoding[] = ['br', 'zstd', 'gzip'];
/** For answers that are coded once and sent once: the least work first. */
export const fastestFirst: readonly BodyCoding[] = ['zstd', 'br', 'gzip'];
/** With a sign that the services have in no tag of theirs: some end in -br, and what is in base64url may end in -gz by chance. */
const suffixes: Readonly<Record<Coding, string>> = { identity: '', gzip: ';gz', br: ';br', zstd: ';zs' };
const coded = /(;(?:gz|br|zs))"/g;

/**
 * The codings a client takes, best first; among those it likes alike, in the order given. The identity is not among them: it is the last
 * resort, also of a client that refuses it. What a client likes less than the identity is left out.
 */
export function codingsOf(accept: string | undefined, order: readonly BodyCoding[] = smallestFirst): readonly BodyCoding[] {
  if (accept === undefined || accept === '') return [];
  const weights = new Map<string, number>();
  for (const part of accept.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
    const weight = parameters.find((one) => one.startsWith('q='))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  const identity = weights.get('identity') ?? 0;
  const weightOf = (coding: BodyCoding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  return order
    .filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= identity)
    .sort((left, right) => weightOf(right) - weightOf(left));
}

/** The tag of an answer in this coding: its bytes are others, so its tag is another. */
export function tagOf(tag: string, coding: Coding): string {
  return coding === 'identity' ? tag : tag.replace(/"$/, `${suffixes[coding]}"`);
}

/**
 * A header of entity tags without what was added for a coding, as the services know them. A form in a coding that is not among `taken`
 * keeps its tag: it is none that this client could be sent.
 */
export function withoutCoding(header: string, taken?: readonly Coding[]): string {
  return header.replaceAll(coded, (tag, suffix: string) =>
    taken === undefined || taken.some((coding) => suffixes[coding] === suffix) ? '"' : tag,
  );
}

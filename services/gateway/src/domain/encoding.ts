/** Which coding of a prepared answer a client takes (RFC 9110, section 12.5.3), and entity tags of coded answers. */

export type Coding = 'identity' | 'gzip' | 'br' | 'zstd';

/** Smallest first, as they come out for JSON. */
const preferred: readonly Coding[] = ['br', 'zstd', 'gzip'];
const suffixes: Readonly<Record<Coding, string>> = { identity: '', gzip: '-gz', br: '-br', zstd: '-zs' };
const coded = /-(?:gz|br|zs)"/g;

/** The codings a client takes, best first; the identity is always the last resort. */
export function codingsOf(accept: string | undefined): readonly Coding[] {
  if (accept === undefined || accept === '') return [];
  const weights = new Map<string, number>();
  for (const part of accept.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
    const weight = parameters.find((one) => one.startsWith('q='))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  const weightOf = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  return preferred.filter((coding) => weightOf(coding) > 0).sort((left, right) => weightOf(right) - weightOf(left));
}

/** The tag of an answer in this coding: its bytes are others, so its tag is another. */
export function tagOf(tag: string, coding: Coding): string {
  return coding === 'identity' ? tag : tag.replace(/"$/, `${suffixes[coding]}"`);
}

/** A header of entity tags without what was added for a coding, as the services know them. */
export function withoutCoding(header: string): string {
  return header.replaceAll(coded, '"');
}

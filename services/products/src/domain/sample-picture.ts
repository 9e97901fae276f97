/** The pictures of the sample catalogue, as its table names them. */
import { colours } from './picture-colours.ts';
import { type Motif, motifNamed } from './picture-motifs.ts';

/** A picture that can be asked for by its name. */
export interface SamplePicture {
  name: string;
  motif: Motif;
  /** As #rrggbb; undefined for things in the colour of what they are made of. */
  colour: string | undefined;
  /** Of the height of the motif: a small jar is drawn smaller than a large one. */
  scale: number;
  title: string;
}

/** The rows of the table (name, motif, colour, scale, title) by name. Throws for what is not drawn here. */
export function picturesByName(rows: readonly (readonly string[])[]): ReadonlyMap<string, SamplePicture> {
  return new Map(
    rows.map(([name = '', motif = '', colour = '', scale = '', title = '']) => {
      const drawn = motifNamed(motif);
      if (drawn === undefined) throw new TypeError(`${name} has the motif ${JSON.stringify(motif)}, which is not drawn here`);
      const tone = colours[colour.toLowerCase()];
      if (colour !== '' && tone === undefined)
        throw new TypeError(`${name} has the colour ${JSON.stringify(colour)}, which is not mixed here`);
      return [name, { name, motif: drawn, colour: tone, scale: scale === '' ? 1 : Number(scale), title }];
    }),
  );
}

/** A number that always belongs to this text (FNV-1a, 32 bits). */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The pictures of the sample catalogue, as its table names them. */
import { type Motif, motifs } from './picture-motifs.ts';

/** A picture that can be asked for by its name. */
export interface SamplePicture {
  name: string;
  motif: Motif;
  colour: string;
  title: string;
}

/** The rows of the table (name, motif, colour, title) by name. Throws for an unknown motif. */
export function picturesByName(rows: readonly (readonly string[])[]): ReadonlyMap<string, SamplePicture> {
  return new Map(
    rows.map(([name = '', motif = '', colour = '', title = '']) => {
      if (!isMotif(motif)) throw new TypeError(`${name} has the motif ${JSON.stringify(motif)}, which is not drawn here`);
      return [name, { name, motif, colour, title }];
    }),
  );
}

function isMotif(text: string): text is Motif {
  return Object.hasOwn(motifs, text);
}

/** A number that always belongs to this text (FNV-1a, 32 bits). */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

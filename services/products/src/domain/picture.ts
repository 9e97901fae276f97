/** Draws pictures of products. The same picture for the same name, always. */
import { detailScale, details } from './picture-details.ts';
import { definitionsFor } from './picture-fills.ts';
import { motifNamed } from './picture-motifs.ts';
import { likenessOf } from './picture-words.ts';
import type { SamplePicture } from './sample-picture.ts';

/** What every name of a closer picture ends with, and every name of a picture by words begins with. */
const detailEnd = '-detail.svg';
const likeBegin = 'like-';

type Picture = Omit<SamplePicture, 'name'> & {
  /** The middle of a closer picture; undefined for the whole. */
  detail?: readonly [x: number, y: number];
};

/** The picture of a product of the sample, a closer one of it, or one that fits the words of a name; undefined when it is none of these. */
export function pictureCalled(name: string, samples: ReadonlyMap<string, SamplePicture>): Picture | undefined {
  const sample = samples.get(name);
  if (sample !== undefined) return sample;
  const whole = name.endsWith(detailEnd) ? samples.get(`${name.slice(0, -detailEnd.length)}.svg`) : undefined;
  if (whole !== undefined) return { ...whole, title: `${whole.title}, detail`, detail: details[whole.motif.name] ?? [200, 200] };
  return name.startsWith(likeBegin) ? pictureLike(name.slice(likeBegin.length, -'.svg'.length)) : undefined;
}

function pictureLike(words: string): Picture | undefined {
  const { motif, colour } = likenessOf(words);
  const drawn = motifNamed(motif);
  return drawn && { motif: drawn, colour, scale: 1, title: words.replaceAll('-', ' ') };
}

/** The picture as an SVG document without script, style sheet or outside reference. */
export function drawPicture({ motif, colour, scale, title, detail }: Picture): string {
  const [light, deep] = motif.ground;
  // What is smaller stands on the same ground.
  const size = scale === 1 ? '' : `translate(200 340) scale(${scale}) translate(-200 -340)`;
  const place = detail === undefined ? size : `translate(200 200) scale(${detailScale}) translate(${-detail[0]} ${-detail[1]})`;
  const drawing = `<g${place && ` transform="${place}"`}>${motif.draw(colour)}</g>`;
  const ground = `<radialGradient id="ground" cx=".3" cy=".22" r="1"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${deep}"/></radialGradient>`;
  const name = escaped(title);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="800" height="800" role="img" aria-label="${name}"><title>${name}</title><defs>${ground}${definitionsFor(drawing)}</defs><rect width="400" height="400" fill="url(#ground)"/>${drawing}</svg>\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

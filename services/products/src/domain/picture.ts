/** Draws the pictures of the sample catalogue. The same picture for the same name, always. */
import { motifs } from './picture-motifs.ts';
import { numberOf, type SamplePicture } from './sample-picture.ts';

/** Hue, saturation and lightness of the colours things come in. */
const colours: Readonly<Record<string, readonly [number, number, number]>> = {
  sand: [38, 38, 68],
  olive: [80, 28, 42],
  navy: [222, 48, 32],
  rust: [16, 58, 46],
  charcoal: [220, 8, 30],
  moss: [105, 26, 38],
  cream: [44, 52, 84],
  berry: [338, 48, 42],
  sky: [204, 56, 66],
  ochre: [40, 66, 50],
  white: [210, 16, 92],
  black: [220, 10, 20],
  natural: [34, 34, 72],
  red: [2, 62, 48],
  blue: [212, 56, 48],
  green: [146, 36, 40],
  grey: [214, 8, 60],
  rose: [348, 52, 74],
};

/** The picture as an SVG document without script, style sheet or outside reference. */
export function drawPicture({ name, motif, colour, title }: SamplePicture): string {
  const number = numberOf(name);
  const [hue, saturation, lightness] = colours[colour.toLowerCase()] ?? [number % 360, 34 + (number % 17), 46 + (number % 13)];
  const tone = (by: number) => `hsl(${hue} ${saturation}% ${Math.max(8, Math.min(95, lightness + by))}%)`;
  const ground = (hue + 150 + (number % 60)) % 360;
  const fills: Readonly<Record<string, string>> = { a: tone(0), b: tone(-16), c: tone(24) };
  const shape = motifs[motif].replace(/(fill|stroke)="([abc])"/g, (_whole, member: string, key: string) => `${member}="${fills[key]}"`);
  const turn = (number % 9) - 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="600" height="600" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title><defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(${ground} 36% 95%)"/><stop offset="1" stop-color="hsl(${(ground + 30) % 360} 32% 84%)"/></linearGradient></defs><rect width="200" height="200" fill="url(#ground)"/><circle cx="${60 + (number % 80)}" cy="${50 + (number % 60)}" r="${56 + (number % 24)}" fill="hsl(${ground} 40% 98%)" opacity=".7"/><ellipse cx="100" cy="164" rx="56" ry="7" fill="hsl(${ground} 20% 40%)" opacity=".18"/><g transform="rotate(${turn} 100 100)">${shape}</g></svg>\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

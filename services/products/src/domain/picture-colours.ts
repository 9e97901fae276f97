/** The colours that pictures are painted with: those things are sold in, and those of what they are made of. */

/** Colours of products by their name in small letters. */
export const colours: Readonly<Record<string, string>> = {
  sand: '#d4bf98',
  olive: '#7c8150',
  navy: '#31426b',
  rust: '#b3562f',
  charcoal: '#4d5058',
  moss: '#6d8050',
  cream: '#f1e6cc',
  berry: '#9d3b5e',
  sky: '#8fb9d8',
  ochre: '#cf9a32',
  white: '#f5f3ee',
  black: '#313033',
  natural: '#e0cda9',
  red: '#c23f36',
  blue: '#3f72ae',
  green: '#43775a',
  grey: '#a0a3a7',
  rose: '#e0a5aa',
  yellow: '#e2b53e',
  orange: '#d67a35',
  brown: '#7d5537',
  purple: '#76599a',
  pink: '#e2a0b5',
  beige: '#d9c7a6',
  silver: '#b9c0c6',
  gold: '#cda44c',
  turquoise: '#3f9a9a',
  gray: '#a0a3a7',
};

export const oak = '#c99c63';
export const walnut = '#74492c';
export const beech = '#e0bb88';
export const ash = '#e6cda3';
export const oliveWood = '#bf9150';
export const steel = '#bcc4ca';
export const iron = '#44474c';
export const brass = '#cda44c';
export const copper = '#bd7440';
export const leather = '#9a5a30';
export const porcelain = '#f7f5f0';
export const paper = '#f8f3e7';
export const jute = '#c8a66e';
export const ink = '#2b2f38';
export const leaf = '#5d8a45';

/** The colour `share` of the way (0 to 1) from one to the other; both as #rrggbb. */
function mixed(from: string, to: string, share: number): string {
  const channel = (at: number) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

export const lighter = (colour: string, share = 0.3): string => mixed(colour, '#ffffff', share);
/** Towards a warm black, as shade in daylight is. */
export const darker = (colour: string, share = 0.25): string => mixed(colour, '#1c1714', share);

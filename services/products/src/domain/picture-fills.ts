/** Shades, gleams and textures that are laid over a colour: every picture brings those it uses. */

const stops = (...list: readonly (readonly [offset: number, colour: string, opacity: number])[]): string =>
  list.map(([offset, colour, opacity]) => `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`).join('');

const linear = (id: string, direction: string, content: string) => `<linearGradient id="${id}" ${direction}>${content}</linearGradient>`;
const radial = (id: string, place: string, content: string) => `<radialGradient id="${id}" ${place}>${content}</radialGradient>`;
const across = 'x1="0" y1="0" x2="1" y2="0"';
const down = 'x1="0" y1="0" x2="0" y2="1"';
const slope = 'x1="0" y1="0" x2="1" y2="1"';
const [light, dark] = ['#fff', '#1c1208'];

const pattern = (id: string, width: number, height: number, content: string, transform = '') =>
  `<pattern id="${id}" width="${width}" height="${height}" patternUnits="userSpaceOnUse"${transform && ` patternTransform="${transform}"`}>${content}</pattern>`;
const stroke = (d: string, colour: string, opacity: number, width: number) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}"/>`;
const fill = (d: string, colour: string, opacity: number) => `<path d="${d}" fill="${colour}" fill-opacity="${opacity}"/>`;

const grainLines = 'M0 5q30 5 60 0t60 0M0 13q26 -6 60 1t60 -1M0 21q40 4 70 -1t50 1M14 28q30 -4 50 0';

/** Dots strewn over a tile, from a row of numbers that never changes. */
const specks = (seed: number, count: number, width: number, opacity: number) => {
  let at = seed;
  const next = (below: number) => {
    at = (at * 1103 + 12345) % 65521;
    return at % below;
  };
  const dots = Array.from({ length: count }, () => `M${2 + next(93)} ${2 + next(85)}h.1`).join('');
  return `<path d="${dots}" stroke="${dark}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linecap="round"/>`;
};

const definitions: Readonly<Record<string, string>> = {
  // Light comes from the upper left.
  round: linear('round', across, stops([0, dark, 0.14], [0.22, light, 0.32], [0.48, light, 0], [1, dark, 0.38])),
  fall: linear('fall', down, stops([0, light, 0.28], [0.45, light, 0], [1, dark, 0.26])),
  slant: linear('slant', slope, stops([0, light, 0.26], [0.5, light, 0], [1, dark, 0.2])),
  ball: radial('ball', 'cx=".34" cy=".28" r=".8"', stops([0, light, 0.5], [0.4, light, 0.06], [0.6, dark, 0.03], [1, dark, 0.42])),
  plump: radial('plump', 'cx=".5" cy=".5" r=".5"', stops([0, light, 0.3], [0.5, light, 0.16], [1, light, 0])),
  hollow: linear('hollow', across, stops([0, dark, 0.36], [0.6, dark, 0.08], [1, light, 0.16])),
  metal: linear(
    'metal',
    across,
    stops([0, dark, 0.3], [0.16, light, 0.6], [0.3, light, 0.05], [0.55, dark, 0.16], [0.8, light, 0.32], [1, dark, 0.4]),
  ),
  sheet: linear('sheet', down, stops([0, light, 0.65], [0.3, light, 0.05], [0.55, dark, 0.14], [0.78, light, 0.3], [1, dark, 0.34])),
  glass: linear(
    'glass',
    across,
    stops([0, light, 0.7], [0.1, light, 0.2], [0.3, light, 0.05], [0.75, light, 0.02], [0.92, light, 0.45], [1, '#5f7f86', 0.35]),
  ),
  glow: radial('glow', 'cx=".5" cy=".5" r=".5"', stops([0, '#fff2c4', 0.95], [0.35, '#ffdf94', 0.5], [1, '#ffd27a', 0])),
  shadow: radial('shadow', 'cx=".5" cy=".5" r=".5"', stops([0, '#2a1d10', 0.5], [0.5, '#2a1d10', 0.26], [1, '#2a1d10', 0])),
  lift: '<filter id="lift" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="5" dy="8" stdDeviation="7" flood-color="#2a1d10" flood-opacity=".34"/></filter>',
  knit: pattern(
    'knit',
    9,
    8,
    stroke('M0 0l4.5 5.5L9 0M0 8l4.5 5.5L9 8M0 -8l4.5 5.5L9 -8', dark, 0.2, 2) + stroke('M0 2.4l4.5 5.5L9 2.4', light, 0.14, 1.4),
  ),
  rib: pattern('rib', 8, 8, fill('M0 0h3v8H0z', dark, 0.2) + fill('M4 0h2v8H4z', light, 0.16)),
  weave: pattern('weave', 5, 5, fill('M0 0h2.5v2.5H0zM2.5 2.5H5V5H2.5z', dark, 0.09) + fill('M2.5 0H5v1H2.5zM0 2.5h2.5v1H0z', light, 0.16)),
  terry: pattern(
    'terry',
    8,
    7,
    stroke('M0 3q2 -3 4 0t4 0', dark, 0.13, 1.6) +
      stroke('M-4 6.5q2 -3 4 0t4 0 4 0', dark, 0.1, 1.6) +
      stroke('M0 1.6q2 -3 4 0t4 0', light, 0.3, 1.2),
  ),
  grain: pattern('grain', 120, 32, stroke(grainLines, '#4a2a10', 0.2, 1.5)),
  upgrain: pattern('upgrain', 120, 32, stroke(grainLines, '#4a2a10', 0.2, 1.5), 'rotate(90)'),
  wicker: pattern(
    'wicker',
    24,
    20,
    fill('M1 1h10v8H1zM13 11h10v8H13z', light, 0.2) +
      fill('M13 1h10v8H13zM1 11h10v8H1z', dark, 0.16) +
      stroke('M0 0h24M0 10h24M0 20h24', dark, 0.22, 1.6),
  ),
  waffle: pattern(
    'waffle',
    16,
    16,
    fill('M2 2h12v12H2z', dark, 0.16) + fill('M6 6h8v8H6z', light, 0.2) + stroke('M0 0h16M0 0v16', light, 0.4, 2),
  ),
  speckle: pattern('speckle', 97, 89, specks(3, 34, 1.7, 0.26) + specks(11, 20, 2.6, 0.2)),
  plaid: pattern(
    'plaid',
    56,
    56,
    fill('M0 0h20v56H0zM0 0h56v20H0z', '#20180f', 0.34) +
      fill('M34 0h3v56h-3zM0 34h56v3H0z', '#fff4dc', 0.5) +
      fill('M44 0h3v56h-3zM0 44h56v3H0z', '#20180f', 0.25),
  ),
  bristle: pattern(
    'bristle',
    14,
    12,
    stroke('M1 10l3 -8M6 11l1 -9M11 10l2 -8', dark, 0.3, 1.6) + stroke('M3.5 12l2 -9M9 12l1 -10', light, 0.25, 1.4),
  ),
};

/** The definitions that this content refers to. */
export function definitionsFor(content: string): string {
  return Object.entries(definitions)
    .filter(([id]) => content.includes(`url(#${id})`))
    .map(([, definition]) => definition)
    .join('');
}

export const round = 'url(#round)';
export const fall = 'url(#fall)';
export const slant = 'url(#slant)';
export const ball = 'url(#ball)';
export const metal = 'url(#metal)';
export const sheet = 'url(#sheet)';
export const glass = 'url(#glass)';
export const glow = 'url(#glow)';
export const knit = 'url(#knit)';
export const rib = 'url(#rib)';
export const weave = 'url(#weave)';
export const terry = 'url(#terry)';
export const grain = 'url(#grain)';
export const upgrain = 'url(#upgrain)';
export const wicker = 'url(#wicker)';
export const waffle = 'url(#waffle)';
export const speckle = 'url(#speckle)';
export const plaid = 'url(#plaid)';
export const bristle = 'url(#bristle)';

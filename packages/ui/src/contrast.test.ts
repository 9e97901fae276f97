/** Every pair of colours that stands on a page keeps its ratio (WCAG 2.2), in light and in dark. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

type Colour = readonly [red: number, green: number, blue: number];

const css = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');
const number = '(\\d+(?:\\.\\d+)?)';
const oklch = `oklch\\(${number} ${number} ${number}\\)`;
const declared = [...css.matchAll(new RegExp(`--([a-z-]+): light-dark\\(${oklch}, ${oklch}\\);`, 'g'))];
const colours = new Map(
  declared.map(([, name = '', ...values]) => {
    const [l1 = 0, c1 = 0, h1 = 0, l2 = 0, c2 = 0, h2 = 0] = values.map(Number);
    return [name, { light: linear(l1, c1, h1), dark: linear(l2, c2, h2) }];
  }),
);

/** Linear sRGB of a colour in OKLCH. */
function linear(lightness: number, chroma: number, hue: number): Colour {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function ratio(one: Colour, other: Colour): number {
  const luminance = ([red, green, blue]: Colour): number => {
    const [r, g, b] = [red, green, blue].map((channel) => Math.min(1, Math.max(0, channel))) as unknown as Colour;
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

const grounds = ['ground', 'surface', 'sunken'];
const states = ['ok', 'warn', 'bad', 'info'];
/** What is read or seen, on what, and how clearly it must stand out. */
const pairs: readonly (readonly [string, string, number])[] = [
  ...grounds.flatMap((ground) => [
    ['ink', ground, 7] as const,
    ...['quiet', 'link', 'brand', 'brand-strong', ...states].map((text) => [text, ground, 4.5] as const),
    ...['control', 'focus'].map((edge) => [edge, ground, 3] as const),
  ]),
  ...states.map((state) => [state, `${state}-soft`, 4.5] as const),
  ['ink', 'brand-soft', 7],
  ['brand', 'brand-soft', 4.5],
  ['brand-strong', 'brand-soft', 4.5],
  ['quiet', 'brand-soft', 4.5],
  ['link', 'brand-soft', 4.5],
  ['focus', 'brand-soft', 3],
  ['on-brand', 'brand', 4.5],
  ['on-brand', 'brand-strong', 4.5],
  ['ground', 'ink', 7],
];

test('every colour of the tokens is in a pair, and every pair keeps its ratio in light and in dark', () => {
  const paired = new Set<unknown>(pairs.flat());
  // A line separates; it is never the only sign of anything.
  assert.deepEqual(
    [...colours.keys()].filter((name) => !paired.has(name)),
    ['line'],
  );
  let lowest = { text: 21, edge: 21 };
  for (const scheme of ['light', 'dark'] as const) {
    for (const [one, other, least] of pairs) {
      const [above, below] = [colours.get(one)?.[scheme], colours.get(other)?.[scheme]];
      assert.ok(above && below, `${one} or ${other} is no colour of the tokens`);
      const found = ratio(above, below);
      assert.ok(found >= least, `${one} on ${other} in ${scheme}: ${found.toFixed(2)}, needs ${least}`);
      lowest = least > 3 ? { ...lowest, text: Math.min(lowest.text, found) } : { ...lowest, edge: Math.min(lowest.edge, found) };
    }
  }
  process.stdout.write(
    `contrast: ${pairs.length * 2} pairs, lowest ${lowest.text.toFixed(1)} for text, ${lowest.edge.toFixed(1)} for edges\n`,
  );
});

/** Everything that is drawn here, by theme: the motifs and the ground they stand before. */
import { accessoryMotifs } from './motifs-accessories.ts';
import { bagsMotifs } from './motifs-bags.ts';
import { bathMotifs } from './motifs-bath.ts';
import { clothingMotifs } from './motifs-clothing.ts';
import { coffeeMotifs } from './motifs-coffee.ts';
import { gardenMotifs } from './motifs-garden.ts';
import { generalMotifs } from './motifs-general.ts';
import { homeMotifs } from './motifs-home.ts';
import { kitchenMotifs } from './motifs-kitchen.ts';
import { lightingMotifs } from './motifs-lighting.ts';
import { outdoorMotifs } from './motifs-outdoor.ts';
import { stationeryMotifs } from './motifs-stationery.ts';
import { tablewareMotifs } from './motifs-tableware.ts';
import { toysMotifs } from './motifs-toys.ts';

/** Draws on a ground of 400 by 400, in this colour, by default in that of what the thing is made of. */
export type DrawMotif = (colour?: string) => string;

interface Theme {
  /** Light and deep colour of the ground. */
  ground: readonly [light: string, deep: string];
  motifs: Readonly<Record<string, DrawMotif>>;
}

const themes: readonly Theme[] = [
  { ground: ['#f8f1e6', '#e4d3bb'], motifs: kitchenMotifs },
  { ground: ['#eff3f0', '#ccdad4'], motifs: tablewareMotifs },
  { ground: ['#f6ebe1', '#dfc7b1'], motifs: coffeeMotifs },
  { ground: ['#f3f2f1', '#d3d7de'], motifs: { ...clothingMotifs, ...accessoryMotifs } },
  { ground: ['#f3efe6', '#d9cfbc'], motifs: bagsMotifs },
  { ground: ['#edf3ea', '#c6d7c0'], motifs: outdoorMotifs },
  { ground: ['#f9eee8', '#e7cdbf'], motifs: homeMotifs },
  { ground: ['#8d93ab', '#555b76'], motifs: lightingMotifs },
  { ground: ['#f0f2f7', '#ced7e4'], motifs: stationeryMotifs },
  { ground: ['#e9f3f5', '#c0dae0'], motifs: bathMotifs },
  { ground: ['#f3f6e2', '#d3deb4'], motifs: gardenMotifs },
  { ground: ['#fdf3dc', '#f1d5a0'], motifs: toysMotifs },
  { ground: ['#f4f2ee', '#d9d4cb'], motifs: generalMotifs },
];

export interface Motif {
  name: string;
  ground: Theme['ground'];
  draw: DrawMotif;
}

const motifs: ReadonlyMap<string, Motif> = new Map(
  themes.flatMap(({ ground, motifs: drawn }) => Object.entries(drawn).map(([name, draw]) => [name, { name, ground, draw }] as const)),
);

/** The motif of this name; undefined when it is not drawn here. */
export function motifNamed(name: string): Motif | undefined {
  return motifs.get(name);
}

/** The files that pages load, by what they are; `services/web` serves them under names with a hash of their content. */
import { fileURLToPath } from 'node:url';

export interface AssetFiles {
  /** One after the other they are the style of every page; they name fonts as `/assets/figtree.woff2`. */
  readonly styles: readonly string[];
  readonly icon: string;
  /** What scripts add; every page is whole without it. */
  readonly script: string;
  readonly fonts: Readonly<Record<'figtree' | 'fraunces', string>>;
}

const shared = (name: string): string => fileURLToPath(import.meta.resolve(`@souk/ui/styles/${name}.css`));
const own = (name: string): string => fileURLToPath(new URL(`../styles/${name}`, import.meta.url));

/** Absolute paths. */
export const assetFiles: AssetFiles = {
  styles: [
    ...['tokens', 'elements', 'controls', 'parts'].map(shared),
    ...['fonts', 'frame', 'home', 'list', 'product', 'proof', 'account', 'buying'].map((name) => own(`${name}.css`)),
  ],
  icon: own('icon.svg'),
  script: fileURLToPath(new URL('../scripts/storefront.js', import.meta.url)),
  fonts: {
    figtree: fileURLToPath(import.meta.resolve('@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2')),
    fraunces: fileURLToPath(import.meta.resolve('@fontsource-variable/fraunces/files/fraunces-latin-wght-normal.woff2')),
  },
};

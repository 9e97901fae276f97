/** The form in which the sample catalogue is written down, and how a thing becomes the products a shop sells. */
import type { Motif } from './picture-motifs.ts';
import type { ProductContent } from './product.ts';
import { slug } from './sku.ts';

/** Something the sample shop sells, in one or several variants. Prices are in minor units of a currency with two decimals. */
export interface SampleThing {
  name: string;
  category: string;
  price: number;
  motif: Motif;
  material: string;
  text: string;
  colours?: readonly string[];
  sizes?: readonly string[];
}

export interface SampleProduct {
  content: Omit<ProductContent, 'price' | 'currency' | 'group_id'> & { group: string | null };
  /** Minor units of a currency with two decimals. */
  price: number;
  quantity: number;
}

/** A picture that can be asked for by its name. */
export interface SamplePicture {
  name: string;
  motif: Motif;
  colour: string | undefined;
  title: string;
}

/** The things of one category. */
export function things(category: string, rows: readonly Omit<SampleThing, 'category'>[]): SampleThing[] {
  return rows.map((row) => ({ category, ...row }));
}

/** A number that always belongs to this text (FNV-1a, 32 bits). */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The products of a thing: one for each colour and size. */
export function productsOf(thing: SampleThing): SampleProduct[] {
  return (thing.colours ?? [undefined]).flatMap((colour) => (thing.sizes ?? [undefined]).map((size) => productOf(thing, colour, size)));
}

export function picturesOf({ name, motif, colours }: SampleThing): SamplePicture[] {
  return (colours ?? [undefined]).map((colour) => ({
    name: pictureName(name, colour),
    motif,
    colour,
    title: [name, colour].filter(Boolean).join(', '),
  }));
}

function productOf(
  { name, category, price, material, text }: SampleThing,
  colour: string | undefined,
  size: string | undefined,
): SampleProduct {
  const chosen = [
    ['Colour', colour],
    ['Size', size],
  ] as const;
  const options = Object.fromEntries(chosen.flatMap(([option, value]) => (value === undefined ? [] : [[option, value] as const])));
  const variant = Object.values(options).join(' / ');
  const sku = slug([name, ...Object.values(options)].join(' '));
  return {
    content: {
      sku,
      name: variant === '' ? name : `${name} – ${variant}`,
      description: text,
      category,
      image_url: `/api/products/pictures/${pictureName(name, colour)}`,
      attributes: { material },
      group: variant === '' ? null : slug(name),
      options,
    },
    price,
    quantity: quantityOf(sku),
  };
}

function pictureName(name: string, colour: string | undefined): string {
  return `${slug([name, colour ?? ''].join(' '))}.svg`;
}

/** Mostly well stocked, now and then low, seldom sold out: as a shop is on an ordinary day. */
function quantityOf(sku: string): number {
  const number = numberOf(sku);
  if (number % 23 === 0) return 0;
  if (number % 7 === 0) return 1 + (number % 5);
  return 12 + (number % 489);
}

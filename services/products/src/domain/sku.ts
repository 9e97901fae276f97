/** SKUs for products that come without one: made from what is stable about them, so that the next import makes the same. */
import { beginningOf } from '@souk/kernel';
import { fold } from './words.ts';

const skuLengthMax = 120;

/** Lower-case words joined by hyphens: "Blue Shirt, large" is blue-shirt-large. */
export function slug(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}

/** The SKU of a product of the shop's own, from its name and its id, which keeps two of one name apart. */
export function skuFromName(name: string, id: string): string {
  const ending = id.slice(-6);
  return `${beginningOf(slug(name), skuLengthMax - ending.length - 1) || 'product'}-${ending}`;
}

/** The SKU of an imported variant, from its handle and its options in the file's order. */
export function skuFromHandle(handle: string, options: Readonly<Record<string, string>>): string {
  const words = [handle, ...Object.values(options)].map(slug).filter(Boolean);
  return beginningOf(words.join('-'), skuLengthMax) || 'product';
}

/**
 * SKUs for products that come without one. What an import identifies by handle and options gets a readable SKU where
 * that names one identity only, and one that ends in a digest of the identity where it does not.
 */
import { beginningOf, derivedUuid } from '@souk/kernel';
import { fold } from './words.ts';

const skuLengthMax = 120;
const digestLength = 10;

type Options = Readonly<Record<string, string>>;

/** Lower-case words joined by hyphens: "Blue Shirt, large" is blue-shirt-large. */
export function slug(text: string): string {
  return (fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).join('-');
}

/** The SKU of a product of the shop's own, from its name and its id, which keeps two of one name apart. */
export function skuFromName(name: string, id: string): string {
  const ending = id.slice(-6);
  return `${beginningOf(slug(name), skuLengthMax - ending.length - 1) || 'product'}-${ending}`;
}

/** The same for the same handle and the same options in whatever order; another for everything else. */
export function variantIdentity(handle: string, options: Options): string {
  const sorted = Object.entries(options).sort(([left], [right]) => (left < right ? -1 : 1));
  return derivedUuid('souk imported variant', JSON.stringify([handle, sorted]));
}

/** An SKU that no other variant gets: readable, and at its end a digest of handle and options. */
export function exactSku(handle: string, options: Options): string {
  const digest = variantIdentity(handle, options).replaceAll('-', '').slice(-digestLength);
  return `${beginningOf(readable(handle, options), skuLengthMax - digestLength - 1) || 'product'}-${digest}`;
}

/** The readable SKU where it keeps what the texts say but for case, blanks and hyphens; else the exact one. */
export function skuFromHandle(handle: string, options: Options): string {
  const sku = readable(handle, options);
  const isFaithful = [handle, ...Object.values(options)].every((text) => text.toLowerCase().replace(/[ _]/g, '-') === slug(text));
  return isFaithful && sku.length <= skuLengthMax ? sku : exactSku(handle, options);
}

function readable(handle: string, options: Options): string {
  return [handle, ...Object.values(options)].map(slug).filter(Boolean).join('-');
}

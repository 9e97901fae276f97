import { type Html, html, isAddress } from '@souk/ui';

export interface Pictured {
  image_url: string | null;
  name: string;
  /** Empty where the name stands beside it. */
  alt: string;
  /** Its edge at most; the space is kept before it is there. */
  pixels: number;
  /** It is fetched at once, and first of all. */
  eager: boolean;
}

/** The picture; where a product has none, a drawing by the words of its name; where a page may load neither, the first letter. */
export function picture({ image_url, name, alt, pixels, eager }: Pictured): Html {
  const address = image_url ?? drawingOf(name);
  if (address === undefined || !isAddress(address) || !/^(?:\/|https:)/.test(address))
    return html`<div class="picture"><span class="letter" aria-hidden="true">${firstLetter(name)}</span></div>`;
  return html`<div class="picture"><img src="${address}" alt="${alt}" data-letter="${firstLetter(name)}" width="${pixels}" height="${pixels}" loading="${eager ? 'eager' : 'lazy'}" decoding="async" fetchpriority="${eager && 'high'}" referrerpolicy="no-referrer"></div>`;
}

/** As many signs as the name of a drawing may have. */
const wordsLengthMax = 100;

/** `products` draws it; undefined for a name without Latin letters, of which it knows no words. */
function drawingOf(name: string): string | undefined {
  const words = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  if (words === null || !/[a-z]/.test(words.join(''))) return undefined;
  return `/api/products/pictures/like-${words.join('-').slice(0, wordsLengthMax)}.svg`;
}

function firstLetter(name: string): string {
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '·';
}

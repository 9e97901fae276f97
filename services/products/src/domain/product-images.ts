/** The pictures of a product: which, in which order, with which texts. */
import { imagesMax, type ProductImage, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { mediaName, mediaWidths } from './media.ts';

/** As the row of a product has it. */
export type StoredImage = {
  hash: string;
  alt: string;
  width: number;
  height: number;
};

interface Illustrated {
  images: readonly StoredImage[];
  version: number;
  updated_at: string;
}

/** With the picture as the last one; the same object when it is there already. Throws `too_many_images`. */
export function withImage<P extends Illustrated>(product: P, image: StoredImage, now_ms: number): P {
  if (product.images.some(({ hash }) => hash === image.hash)) return product;
  if (product.images.length >= imagesMax) throw refusal('too_many_images', `A product has at most ${imagesMax} pictures.`);
  return illustrated(product, [...product.images, image], now_ms);
}

/** With these of its pictures only, in this order; the same object when nothing differs. Throws `image_unknown`. */
export function arranged<P extends Illustrated>(product: P, wanted: readonly Pick<StoredImage, 'hash' | 'alt'>[], now_ms: number): P {
  const left = new Map(product.images.map((image) => [image.hash, image]));
  const images = wanted.map(({ hash, alt }, index) => {
    const image = left.get(hash);
    left.delete(hash);
    if (image !== undefined) return { ...image, alt };
    const errors = [{ pointer: `/images/${index}/hash`, detail: 'is no picture of the product, or named twice' }];
    throw refusal('image_unknown', 'The product has no such picture, or it is named twice.', { errors });
  });
  const isSame =
    images.length === product.images.length &&
    images.every(({ hash, alt }, index) => product.images[index]?.hash === hash && product.images[index].alt === alt);
  return isSame ? product : illustrated(product, images, now_ms);
}

/** Without the picture; the same object when it has none such. */
export function withoutImage<P extends Illustrated>(product: P, hash: string, now_ms: number): P {
  const images = product.images.filter((image) => image.hash !== hash);
  return images.length === product.images.length ? product : illustrated(product, images, now_ms);
}

function illustrated<P extends Illustrated>(product: P, images: readonly StoredImage[], now_ms: number): P {
  return { ...product, images, version: product.version + 1, updated_at: timestamp(now_ms) };
}

/** As the contract has it. */
export function imageResource({ hash, alt, width, height }: StoredImage): ProductImage {
  // A picture that is small has its own width in every file, so one address is enough from there on.
  const widths = mediaWidths.filter((_width, index) => index === 0 || width > (mediaWidths[index - 1] ?? 0));
  const sources = widths.map((most) => ({ width: Math.min(most, width), url: `/media/${mediaName(hash, most)}` }));
  return { hash, alt, width, height, sources };
}

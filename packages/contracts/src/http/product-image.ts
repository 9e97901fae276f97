import Type, { type Static } from 'typebox';
import { AltText, ImageHash } from '../fields.ts';

/** Most pictures of one product. */
export const imagesMax = 20;

/** Most bytes of a picture as it is uploaded. */
export const imageBytesMax = 10 * 1024 * 1024;

const pixels = (description: string) => Type.Integer({ minimum: 1, description });

/** A picture that was uploaded for a product. */
export const ProductImage = Type.Object(
  {
    hash: ImageHash,
    alt: AltText,
    width: pixels('Of the picture as it was uploaded, turned upright.'),
    height: pixels('Of the picture as it was uploaded, turned upright.'),
    sources: Type.Array(Type.Object({ width: pixels('In pixels, as srcset takes it.'), url: Type.String() }), {
      description: 'The same picture in WebP from small to large; none is enlarged.',
    }),
  },
  { title: 'ProductImage' },
);
export type ProductImage = Static<typeof ProductImage>;

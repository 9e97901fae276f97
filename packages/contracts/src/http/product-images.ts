/** Pictures of products: staff upload them, everybody gets them in three widths. */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';
import { AltText, ImageHash, ProductId } from '../fields.ts';
import { imageBytesMax, imagesMax } from './product-image.ts';
import { Product } from './products.ts';

const byProduct = Type.Object({ product_id: ProductId });

export const ArrangeImages = Type.Object(
  { images: Type.Array(Type.Object({ hash: ImageHash, alt: AltText }, { additionalProperties: false }), { maxItems: imagesMax }) },
  { additionalProperties: false, title: 'ArrangeImages' },
);

export const addProductImage = defineRoute({
  method: 'POST',
  path: '/api/products/{product_id}/images',
  service: 'products',
  summary: 'Upload a picture of a product (JPEG, PNG, WebP or AVIF); it becomes the last one',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: byProduct,
  query: Type.Object({ alt: Type.Optional(AltText) }, { additionalProperties: false }),
  body_type: 'image/*',
  body_bytes_max: imageBytesMax,
  timeout_ms: 60_000,
  etag: true,
  responses: { 201: Product },
  errors: ['image_invalid', 'too_many_images', 'product_archived', 'precondition_failed'],
});
export const arrangeProductImages = defineRoute({
  method: 'PUT',
  path: '/api/products/{product_id}/images',
  service: 'products',
  summary: 'Say the order and the texts of the pictures of a product; those that are left out are taken off',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: byProduct,
  body: ArrangeImages,
  etag: true,
  responses: { 200: Product },
  errors: ['image_unknown', 'product_archived', 'precondition_failed'],
});
export const removeProductImage = defineRoute({
  method: 'DELETE',
  path: '/api/products/{product_id}/images/{hash}',
  service: 'products',
  summary: 'Take a picture off a product; doing it again changes nothing',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: Type.Object({ product_id: ProductId, hash: ImageHash }),
  responses: { 204: null },
  errors: ['product_archived', 'precondition_failed'],
});
export const getMedia = defineRoute({
  method: 'GET',
  path: '/media/{name}',
  service: 'products',
  summary: 'A picture that was uploaded, in one of its widths; what is at an address never changes',
  access: 'public',
  scope: 'products:read',
  limit: 'asset',
  params: Type.Object({ name: Type.String({ pattern: '^[0-9a-f]{64}-(?:400|800|1200)\\.webp$' }) }),
  etag: true,
  ranges: true,
  response_types: ['image/webp'],
  responses: { 200: Type.String(), 206: Type.String() },
  errors: ['range_not_satisfiable'],
});

export const productImageRoutes = [addProductImage, arrangeProductImages, removeProductImage, getMedia] as const;

/** A product and where its page is, as search engines read them: Product and BreadcrumbList of schema.org. */
import { type Html, isAddress, structuredData } from '@souk/ui';
import { categoryPath, productPath, variantPath } from '../addresses.ts';
import type { ProductView } from '../views.ts';

/** As much as search engines take. */
const descriptionLengthMax = 5_000;

export function productData({ frame, product, thing, counted }: ProductView): Html {
  const { origin } = frame;
  const { id, sku, name, description, price, currency, image_url, category } = product;
  const pieces = counted?.get(id) ?? product.stock_quantity;
  const path = thing === undefined ? productPath(id) : variantPath(thing.handle, id);
  const isSold = product.status === 'active';
  const image = image_url !== null && isAddress(image_url) ? (image_url.startsWith('/') ? `${origin}${image_url}` : image_url) : undefined;
  const availability = !isSold ? 'Discontinued' : pieces > 0 ? 'InStock' : 'OutOfStock';
  const crumbs = [
    { name: frame.shop_name, path: '/' },
    ...(category === null ? [] : [{ name: category, path: categoryPath(category) }]),
    { name: thing?.title ?? name, path: productPath(thing?.handle ?? id) },
  ];
  return structuredData({
    '@context': 'https://schema.org',
    '@graph': [
      {
        '@type': 'Product',
        name,
        sku,
        ...(description !== '' && { description: description.slice(0, descriptionLengthMax).toWellFormed() }),
        ...(image !== undefined && { image }),
        ...(category !== null && { category }),
        offers: {
          '@type': 'Offer',
          url: `${origin}${path}`,
          price: String(price),
          priceCurrency: currency,
          availability: `https://schema.org/${availability}`,
        },
      },
      {
        '@type': 'BreadcrumbList',
        itemListElement: crumbs.map(({ name: crumb, path: leads_to }, index) => ({
          '@type': 'ListItem',
          position: index + 1,
          name: crumb,
          item: `${origin}${leads_to}`,
        })),
      },
    ],
  });
}

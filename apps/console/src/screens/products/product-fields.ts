/** What staff change of a product by hand, as text; and what of it differs. */
import type { BodyOf, changeProduct, Product } from '@souk/contracts';
import { decimalOf, decimalText } from '../../decimal.ts';

export const fieldNames = ['name', 'sku', 'price', 'category', 'description'] as const;
export type FieldName = (typeof fieldNames)[number];
export type ProductFields = Readonly<Record<FieldName, string>>;

export function fieldsOf({ name, sku, price, category, description }: Product): ProductFields {
  return { name, sku, price: String(price), category: category ?? '', description };
}

/** The fields in which the second differs. */
export function changedFields(before: ProductFields, after: ProductFields): FieldName[] {
  return fieldNames.filter((name) => before[name].trim() !== after[name].trim());
}

/** What is sent: the changed fields alone. Undefined where the price is no amount. */
export function changeOf(before: ProductFields, after: ProductFields): BodyOf<typeof changeProduct> | undefined {
  const changed = new Set(changedFields(before, after));
  const price = decimalOf(after.price);
  if (changed.has('price') && price === undefined) return undefined;
  return {
    ...(changed.has('name') && { name: after.name.trim() }),
    ...(changed.has('sku') && { sku: after.sku.trim() }),
    ...(changed.has('price') && price !== undefined && { price: Number(decimalText(price)) }),
    ...(changed.has('category') && { category: after.category.trim() === '' ? null : after.category.trim() }),
    ...(changed.has('description') && { description: after.description.trim() }),
  };
}

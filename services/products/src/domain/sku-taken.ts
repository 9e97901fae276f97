import { refusal } from '@souk/contracts';
import type { AppError } from '@souk/kernel';
import type { ProductRecord } from './product.ts';

/** The refusal of a SKU that another product has, and what to do where that is archived. */
export function skuTaken(sku: string, holder: Pick<ProductRecord, 'id' | 'status'> | undefined, cause?: unknown): AppError {
  const detail = `Another product has the SKU ${JSON.stringify(sku)}`;
  if (holder?.status !== 'archived') return refusal('sku_taken', `${detail}.`, { sku, ...(holder && { product_id: holder.id }) }, cause);
  const remedy = `PATCH /api/products/${holder.id} with {"status": "active"} brings it back`;
  return refusal('sku_taken', `${detail}; it is archived. ${remedy}.`, { sku, product_id: holder.id }, cause);
}

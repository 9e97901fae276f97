/** Looks up at `products` what is not in the catalogue copy yet; concurrent lookups of one product share a request. */
import { getProduct, refusal } from '@souk/contracts';
import { toMinor } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import { type CallContext, callService } from '@souk/service-kit';
import type { CatalogueProduct } from '../domain/goods.ts';

/** The product as `products` has it now; undefined when there is none. Throws `service_unavailable`. */
export type ProductLookup = (product_id: string, cause: Cause) => Promise<CatalogueProduct | undefined>;

export function createProductLookup(context: CallContext): ProductLookup {
  const asking = new Map<string, Promise<CatalogueProduct | undefined>>();
  return (product_id, cause) => {
    const under_way = asking.get(product_id);
    if (under_way !== undefined) return under_way;
    const answer = ask(context, product_id, cause).finally(() => asking.delete(product_id));
    asking.set(product_id, answer);
    return answer;
  };
}

async function ask(context: CallContext, product_id: string, cause: Cause): Promise<CatalogueProduct | undefined> {
  const { status, body } = await callService(context, context.config.products_url, getProduct, { params: { product_id }, cause });
  if (status === 404) return undefined;
  if (status !== 200)
    throw refusal('service_unavailable', 'products does not answer as it should at the moment.', { service: 'products', status });
  const { id, version, sku, name, price, currency, tax_class, weight_g, group_id, category } = body;
  const kept = { product_id: id, product_version: version, sku, name, price: toMinor(price, currency), currency, status: body.status };
  return { ...kept, tax_class: tax_class ?? null, weight_g: weight_g ?? null, group_id: group_id ?? null, category };
}

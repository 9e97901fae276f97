/** Groups of variants: which one a product belongs to, what it is called in addresses, and how customers see it. */
import type { Group, GroupDetail } from '@souk/contracts';
import { beginningOf, isUuid, toMajor } from '@souk/kernel';
import type { ProductRecord } from './product.ts';
import { imageResource, type StoredImage } from './product-images.ts';
import { slug } from './sku.ts';

/** A row of the catalogue by groups; prices are minor units. */
export type GroupRecord = {
  id: string;
  handle: string;
  title: string;
  sort_name: string;
  description: string;
  category: string | null;
  image_url: string | null;
  image: StoredImage | null;
  price: number;
  price_max: number;
  currency: string;
  active_count: number;
  available_count: number;
  newest_id: string;
};

const handleLengthMax = 80;

/** A product that names no group is one by itself. */
export function groupIdOf({ id, group_id }: Pick<ProductRecord, 'id' | 'group_id'>): string {
  return group_id ?? id;
}

/** What a group is called in addresses before a number is added: after the handle of its import, else after its name. */
export function handleBase({ name, handle }: Pick<ProductRecord, 'name' | 'handle'>): string {
  const base = beginningOf(slug(handle ?? '') || slug(name), handleLengthMax).replace(/-$/, '');
  // Addresses may name a group by its id as well.
  return base === '' || isUuid(base) ? `product${base && `-${base}`}` : base;
}

/** The first to ask for a name gets it as it is, the others with a number. */
export function numberedHandle(base: string, number: number): string {
  return number === 1 ? base : `${base}-${number}`;
}

/** As the contract has it. */
export function groupResource(group: GroupRecord): Group {
  const { id, handle, title, description, category, image_url, image, price, price_max, currency, active_count, available_count } = group;
  return {
    id,
    handle,
    title,
    description,
    category,
    image_url,
    image: image && imageResource(image),
    min_price: toMajor(price, currency),
    max_price: toMajor(price_max, currency),
    currency,
    variant_count: active_count,
    available_count,
  };
}

export interface OptionValue {
  name: string;
  value: string;
  available: boolean;
}

/** Values by option, in the order in which variants brought them. */
export function optionsOf(values: readonly OptionValue[]): GroupDetail['options'] {
  return [...Map.groupBy(values, ({ name }) => name)].map(([name, chosen]) => ({
    name,
    values: chosen.map(({ value, available }) => ({ value, available })),
  }));
}

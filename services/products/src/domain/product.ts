/** What a product is, what changing it means, and which events other services get. Prices are minor units here. */
import type { Product } from '@souk/contracts';
import { timestamp, toMajor, toMinor } from '@souk/kernel';
import { imageResource, type StoredImage } from './product-images.ts';

export type ProductStatus = Product['status'];
type Texts = Readonly<Record<string, string>>;

/** What staff or a file say about a product. */
export interface ProductContent {
  sku: string;
  name: string;
  description: string;
  price: number;
  currency: string;
  category: string | null;
  image_url: string | null;
  attributes: Texts;
  group_id: string | null;
  options: Texts;
  /** What it is taxed as; null: like everything that says nothing. */
  tax_class: string | null;
  /** Of one piece in grams; null where it is not known. */
  weight_g: number | null;
}

/** A row of the catalogue. */
export interface ProductRecord extends ProductContent {
  id: string;
  images: readonly StoredImage[];
  status: ProductStatus;
  version: number;
  /** Where an import found it; null for a product of the shop's own. */
  handle: string | null;
  /** The status the last imported file gave it. */
  import_status: ProductStatus | null;
  /** An import made the SKU of handle and options; staff or a file that names one make it the product's own. */
  sku_derived: boolean;
  created_at: string;
  updated_at: string;
}

/** A row with its stock, as lists and single reads answer it. */
export interface StockedProduct extends ProductRecord {
  stock_quantity: number;
}

/** What a request says: prices in major units, what is left out undefined. */
export interface ProductInput {
  sku?: string | undefined;
  name?: string | undefined;
  description?: string | undefined;
  price?: number | undefined;
  currency?: string | undefined;
  category?: string | null | undefined;
  image_url?: string | null | undefined;
  attributes?: Texts | undefined;
  group_id?: string | null | undefined;
  options?: Texts | undefined;
  tax_class?: string | null | undefined;
  weight_g?: number | null | undefined;
}

/** The content of a new or replaced product: what is left out is empty. Throws `amount_invalid`, `currency_unknown`. */
export function contentOf(
  input: ProductInput & { name: string; price: number },
  defaults: { sku: string; currency: string },
): ProductContent {
  const { sku = defaults.sku, currency = defaults.currency } = input;
  const { name, description = '', category = null, image_url = null, attributes = {}, group_id = null, options = {} } = input;
  const { tax_class = null, weight_g = null } = input;
  return {
    sku,
    name,
    description,
    price: toMinor(input.price, currency, '/price'),
    currency,
    category,
    image_url,
    attributes,
    group_id,
    options,
    tax_class,
    weight_g,
  };
}

/** The content with some members changed. A new currency alone keeps the number people see: 5 EUR become 5 JPY. */
export function changedContent(record: ProductContent, input: ProductInput): ProductContent {
  const { price: asked, ...others } = input;
  const said = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)) as Partial<ProductContent>;
  const currency = said.currency ?? record.currency;
  const repriced = asked !== undefined || currency !== record.currency;
  const price = repriced
    ? toMinor(asked ?? toMajor(record.price, record.currency), currency, asked === undefined ? '/currency' : '/price')
    : record.price;
  return { ...contentOnly(record), ...said, currency, price };
}

/** A product at its first version. */
export function newProduct(
  content: ProductContent,
  birth: Pick<ProductRecord, 'id'> & { now_ms: number } & Partial<
      Pick<ProductRecord, 'status' | 'handle' | 'import_status' | 'sku_derived'>
    >,
): ProductRecord {
  const { id, now_ms, status = 'active', handle = null, import_status = null, sku_derived = false } = birth;
  const at = timestamp(now_ms);
  return { id, ...content, images: [], status, version: 1, handle, import_status, sku_derived, created_at: at, updated_at: at };
}

/** The product with this content and status, one version later; the same object when nothing differs. */
export function revisedProduct(record: ProductRecord, content: ProductContent, status: ProductStatus, now_ms: number): ProductRecord {
  if (status === record.status && sameContent(record, content)) return record;
  const sku_derived = record.sku_derived && content.sku === record.sku;
  return { ...record, ...content, sku_derived, status, version: record.version + 1, updated_at: timestamp(now_ms) };
}

/** Which events a change causes: other services keep the members named here and the status, nothing else. */
export function eventsOfChange(before: ProductRecord, after: ProductRecord): { updated: boolean; archived: boolean } {
  const archived = before.status !== 'archived' && after.status === 'archived';
  const restored = before.status === 'archived' && after.status === 'active';
  const members = ['sku', 'name', 'price', 'currency', 'tax_class', 'weight_g', 'group_id', 'category'] as const;
  const kept = members.some((member) => before[member] !== after[member]);
  return { updated: kept || restored, archived };
}

/** By how much each category's number of active products changes. */
export function categoryChanges(changes: readonly { before: ProductRecord | undefined; after: ProductRecord }[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (product: ProductRecord | undefined, by: number): void => {
    if (product?.status !== 'active' || product.category === null) return;
    counts.set(product.category, (counts.get(product.category) ?? 0) + by);
  };
  for (const { before, after } of changes) {
    add(before, -1);
    add(after, 1);
  }
  return new Map([...counts].filter(([, change]) => change !== 0));
}

/** A product as the contract has it. */
export function toResource(product: StockedProduct): Product {
  const { id, sku, name, description, price, currency, category, image_url, attributes, group_id, options } = product;
  const { images, tax_class, weight_g, stock_quantity, status, version, created_at, updated_at } = product;
  const amount = toMajor(price, currency);
  return {
    id,
    sku,
    name,
    description,
    price: amount,
    currency,
    category,
    image_url,
    attributes: { ...attributes },
    group_id,
    options: { ...options },
    images: images.map(imageResource),
    tax_class,
    weight_g,
    stock_quantity,
    status,
    version,
    created_at,
    updated_at,
  };
}

function contentOnly(record: ProductContent): ProductContent {
  const { sku, name, description, price, currency, category, image_url, attributes, group_id, options, tax_class, weight_g } = record;
  return { sku, name, description, price, currency, category, image_url, attributes, group_id, options, tax_class, weight_g };
}

function sameContent(left: ProductContent, right: ProductContent): boolean {
  const plain = ['sku', 'name', 'description', 'price', 'currency', 'category', 'image_url', 'group_id', 'tax_class', 'weight_g'] as const;
  return (
    plain.every((member) => left[member] === right[member]) &&
    sameTexts(left.attributes, right.attributes) &&
    sameTexts(left.options, right.options)
  );
}

/** Whether both have the same members with the same values. */
export function sameTexts(left: Texts, right: Texts): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && left[name] === right[name]);
}

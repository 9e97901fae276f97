/** Which column of a file means what. Names count in any case; what nobody knows is left aside and counted. */
import { refusal } from '@souk/contracts';

export const importFields = [
  'handle',
  'title',
  'body',
  'vendor',
  'type',
  'product_category',
  'google_category',
  'tags',
  'published',
  'status',
  'sku',
  'price',
  'quantity',
  'grams',
  'barcode',
  'image',
  'variant_image',
  'currency',
  'group',
  'option1_name',
  'option1_value',
  'option2_name',
  'option2_value',
  'option3_name',
  'option3_value',
] as const;
export type ImportField = (typeof importFields)[number];

export interface ImportColumns {
  kind: 'shopify' | 'souk';
  /** Where each field is. */
  at: Readonly<Partial<Record<ImportField, number>>>;
  attributes: readonly { name: string; at: number }[];
  options: readonly { name: string; at: number }[];
  /** How many columns there are. */
  count: number;
  /** Columns nobody knows. */
  ignored: number;
}

/** Shopify's export, in the names of both of its generations. */
const shopifyNames: Readonly<Record<string, ImportField>> = {
  handle: 'handle',
  'url handle': 'handle',
  title: 'title',
  'body (html)': 'body',
  description: 'body',
  vendor: 'vendor',
  type: 'type',
  'custom product type': 'type',
  'product category': 'product_category',
  'standard product type': 'product_category',
  'google shopping / google product category': 'google_category',
  tags: 'tags',
  published: 'published',
  'published on online store': 'published',
  status: 'status',
  'variant sku': 'sku',
  sku: 'sku',
  'variant price': 'price',
  price: 'price',
  'variant inventory qty': 'quantity',
  'inventory quantity': 'quantity',
  'variant grams': 'grams',
  'weight value (grams)': 'grams',
  'variant barcode': 'barcode',
  barcode: 'barcode',
  'image src': 'image',
  'product image url': 'image',
  'variant image': 'variant_image',
  'variant image url': 'variant_image',
  'option1 name': 'option1_name',
  'option1 value': 'option1_value',
  'option2 name': 'option2_name',
  'option2 value': 'option2_value',
  'option3 name': 'option3_name',
  'option3 value': 'option3_value',
  currency: 'currency',
};

const soukNames: Readonly<Record<string, ImportField>> = {
  sku: 'sku',
  name: 'title',
  description: 'body',
  price: 'price',
  currency: 'currency',
  category: 'type',
  image_url: 'image',
  group: 'group',
  stock_quantity: 'quantity',
  status: 'status',
  handle: 'handle',
};

/** Columns of Shopify's export that say nothing a catalogue keeps. */
const shopifyOthers =
  /^(variant |image |google shopping |seo |option\d |included \/|price \/|compare-?\s?at price|gift card|cost per item|collection$|charge tax|tax code|unit price|inventory |continue selling|weight |requires shipping|fulfillment|.*\bmetafields?\b)/;

/** Reads the header. Throws `csv_invalid` that names the columns which are missing. */
export function importColumns(header: readonly string[]): ImportColumns {
  const names = header.map((name) => name.replace(/\s+/g, ' ').trim());
  const lower = names.map((name) => name.toLowerCase());
  const shopify = (lower.includes('handle') || lower.includes('url handle')) && !lower.includes('name');
  const columns = shopify ? shopifyColumns(lower) : soukColumns(names, lower);
  checkRequired(columns, lower);
  return columns;
}

function shopifyColumns(lower: readonly string[]): ImportColumns {
  const at = positions(lower, shopifyNames);
  const ignored = lower.filter((name) => name !== '' && !Object.hasOwn(shopifyNames, name) && !shopifyOthers.test(name)).length;
  return { kind: 'shopify', at, attributes: [], options: [], count: lower.length, ignored };
}

function soukColumns(names: readonly string[], lower: readonly string[]): ImportColumns {
  const named = (beginning: string) =>
    names.flatMap((name, at) =>
      lower[at]?.startsWith(beginning) && name.length > beginning.length ? [{ name: name.slice(beginning.length).trim(), at }] : [],
    );
  const attributes = named('attribute:');
  const options = named('option:');
  const known = new Set([...attributes, ...options].map(({ at }) => at));
  const ignored = lower.filter((name, at) => name !== '' && !Object.hasOwn(soukNames, name) && !known.has(at)).length;
  return { kind: 'souk', at: positions(lower, soukNames), attributes, options, count: names.length, ignored };
}

/** The first column of each name counts. */
function positions(lower: readonly string[], names: Readonly<Record<string, ImportField>>): Partial<Record<ImportField, number>> {
  const at: Partial<Record<ImportField, number>> = {};
  lower.forEach((name, index) => {
    const field = Object.hasOwn(names, name) ? names[name] : undefined;
    if (field !== undefined) at[field] ??= index;
  });
  return at;
}

function checkRequired({ kind, at }: ImportColumns, lower: readonly string[]): void {
  const required: [ImportField, string][] =
    kind === 'shopify'
      ? [
          ['handle', 'Handle'],
          ['title', 'Title'],
          ['price', 'Variant Price'],
        ]
      : [
          ['title', 'name'],
          ['price', 'price'],
        ];
  const missing = required.filter(([field]) => at[field] === undefined).map(([, name]) => name);
  if (missing.length === 0) return;
  const seen = lower.filter(Boolean).slice(0, 12).join(', ') || 'none';
  const needed = 'A file needs the columns Handle, Title and Variant Price (as Shopify exports them), or name and price (Souk\u2019s own).';
  throw refusal('csv_invalid', `Missing: ${missing.join(', ')}. ${needed} Columns found in line 1: ${seen.slice(0, 300)}.`, { missing });
}

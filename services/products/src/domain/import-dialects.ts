/** The kinds of files that are understood: the columns of each by their names. */

export type ImportField =
  | 'handle'
  | 'title'
  | 'body'
  | 'short_body'
  | 'vendor'
  | 'type'
  | 'product_category'
  | 'google_category'
  | 'categories'
  | 'tags'
  | 'published'
  | 'status'
  | 'sku'
  | 'price'
  | 'quantity'
  | 'stock_version'
  | 'grams'
  | 'kilograms'
  | 'barcode'
  | 'image'
  | 'images'
  | 'variant_image'
  | 'currency'
  | 'group'
  | 'tax_class'
  | 'weight_g'
  | 'row_type'
  | 'row_id'
  | 'parent'
  | 'store_view'
  | 'additional_attributes'
  | 'option1_name'
  | 'option1_value'
  | 'option2_name'
  | 'option2_value'
  | 'option3_name'
  | 'option3_value';

export interface ImportDialect {
  kind: 'shopify' | 'woocommerce' | 'magento' | 'souk';
  /** For messages; the own form has none. */
  title?: string;
  isWrittenIn(lower: ReadonlySet<string>): boolean;
  /** By name in lower case. */
  names: Readonly<Record<string, ImportField>>;
  /** Blanks and hyphens stand for underscores. */
  loose?: boolean;
  required: readonly (readonly [ImportField, string])[];
  /** Further columns of this kind of file, which say nothing a catalogue keeps. */
  others?: RegExp;
  lists?: readonly { beginning: string; member: 'attributes' | 'options' }[];
  pairs?: { name: RegExp; value: string };
}

const shopify: ImportDialect = {
  kind: 'shopify',
  title: 'an export of Shopify',
  isWrittenIn: (lower) => (lower.has('handle') || lower.has('url handle')) && !lower.has('name'),
  names: {
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
  },
  required: [
    ['handle', 'Handle'],
    ['title', 'Title'],
    ['price', 'Variant Price'],
  ],
  others:
    /^(?:variant |image |google shopping |seo |option\d |included \/|price \/|compare-?\s?at price|gift card|cost per item|collection$|charge tax|tax code|unit price|inventory |continue selling|weight |requires shipping|fulfillment)|\bmetafields?\b/,
};

const woocommerce: ImportDialect = {
  kind: 'woocommerce',
  title: 'an export of WooCommerce',
  isWrittenIn: (lower) =>
    lower.has('regular price') ||
    (lower.has('name') && ['in stock?', 'is featured?', 'visibility in catalog'].some((name) => lower.has(name))),
  names: {
    id: 'row_id',
    type: 'row_type',
    sku: 'sku',
    'gtin, upc, ean, or isbn': 'barcode',
    name: 'title',
    published: 'published',
    'short description': 'short_body',
    description: 'body',
    stock: 'quantity',
    'regular price': 'price',
    categories: 'categories',
    tags: 'tags',
    images: 'images',
    parent: 'parent',
    brands: 'vendor',
    'weight (kg)': 'kilograms',
    'weight (g)': 'grams',
  },
  required: [
    ['title', 'Name'],
    ['price', 'Regular price'],
  ],
  others:
    /^(?:is featured\?|visibility in catalog|date (?:on )?sale price|tax |in stock\?|low stock amount|backorders allowed\?|sold individually\?|weight |length |width |height |allow customer reviews\?|purchase note|sale price|shipping class|download |grouped products|upsells|cross-sells|external url|button text|position$|attribute \d+ (?:visible|global|default)|meta:)/,
  pairs: { name: /^attribute (\d+) name$/, value: 'attribute N value(s)' },
};

const magento: ImportDialect = {
  kind: 'magento',
  title: 'an export of Magento',
  isWrittenIn: (lower) =>
    lower.has('product_type') && ['attribute_set_code', 'store_view_code', 'product_websites', 'url_key'].some((name) => lower.has(name)),
  names: {
    sku: 'sku',
    store_view_code: 'store_view',
    product_type: 'row_type',
    categories: 'categories',
    name: 'title',
    description: 'body',
    short_description: 'short_body',
    product_online: 'published',
    price: 'price',
    qty: 'quantity',
    url_key: 'handle',
    base_image: 'image',
    additional_attributes: 'additional_attributes',
  },
  required: [
    ['sku', 'sku'],
    ['title', 'name'],
    ['price', 'price'],
  ],
  others:
    /^(?:attribute_set_code|product_websites|weight$|tax_class_name|visibility|special_|meta_|small_image|thumbnail_image|swatch_image|created_at|updated_at|new_|display_product_options_in|map_|msrp|gift_message|custom_|page_layout|product_options_container|country_of_manufacture|out_of_stock_qty|use_config_|is_|allow_backorders|min_|max_|notify_|manage_stock|qty_increments|enable_qty|website_id|related_|crosssell_|upsell_|additional_images|additional_image_labels|base_image_label|hide_from_product_page|bundle_|grouped_|associated_skus|configurable_variation|deferred_stock|links_|samples|downloadable_)/,
};

const souk: ImportDialect = {
  kind: 'souk',
  isWrittenIn: () => true,
  names: {
    sku: 'sku',
    name: 'title',
    description: 'body',
    price: 'price',
    currency: 'currency',
    category: 'type',
    image_url: 'image',
    group: 'group',
    stock_quantity: 'quantity',
    stock_version: 'stock_version',
    status: 'status',
    handle: 'handle',
    tax_class: 'tax_class',
    weight_g: 'weight_g',
  },
  loose: true,
  required: [
    ['title', 'name'],
    ['price', 'price'],
  ],
  lists: [
    { beginning: 'attribute:', member: 'attributes' },
    { beginning: 'option:', member: 'options' },
  ],
};

/** Tried in this order; the last takes what no other is. */
export const dialects: readonly ImportDialect[] = [magento, woocommerce, shopify, souk];

import { loadProcessConfig, platformFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const ProductsConfig = Type.Object({
  ...platformFields,
  // A large import arrives as fast as it is written, so its request may be under way for long; headers still may not.
  request_timeout_ms: Type.Integer({
    minimum: 0,
    maximum: 3_600_000,
    default: 900_000,
    description: 'Longest time for a request to arrive whole, in milliseconds.',
  }),
  product_cache_ttl_ms: Type.Integer({
    minimum: 1,
    maximum: 3_600_000,
    default: 60_000,
    description: 'How long a product is cached, in milliseconds.',
  }),
  list_cache_ttl_ms: Type.Integer({
    minimum: 1,
    maximum: 600_000,
    default: 10_000,
    description: 'How long a list is cached, in milliseconds.',
  }),
  list_stock_delay_ms: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 500,
    description: 'How long changes of stock are gathered before cached lists forget them, in milliseconds.',
  }),
  media_folder: Type.String({
    minLength: 1,
    maxLength: 4_096,
    default: '.souk/media',
    description: 'Folder of uploaded pictures; all instances of the service need the same one.',
  }),
  import_rows_max: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 1_000_000, description: 'Most rows of one product CSV file.' }),
  import_row_bytes_max: Type.Integer({
    minimum: 1_024,
    maximum: 16_777_216,
    default: 1_048_576,
    description: 'Longest row of a product CSV file, in bytes.',
  }),
});
export type ProductsConfig = Readonly<Static<typeof ProductsConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadProductsConfig(): ProductsConfig {
  return loadProcessConfig('products', ProductsConfig, process.env);
}

import { loadProcessConfig, platformFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const InventoryConfig = Type.Object({
  ...platformFields,
  announce_interval_ms: Type.Integer({
    minimum: 10,
    maximum: 60_000,
    default: 200,
    description: "A product's stock is announced at most once in this time, in milliseconds.",
  }),
  announce_batch_max: Type.Integer({ minimum: 1, maximum: 5_000, default: 1_000, description: 'Most products announced at once.' }),
  reserve_batch_max: Type.Integer({ minimum: 1, maximum: 1_000, default: 100, description: 'Most orders granted in one transaction.' }),
  product_wait_ms: Type.Integer({
    minimum: 0,
    maximum: 3_600_000,
    default: 30_000,
    description: 'How old an order must be to be rejected because of a product that is not known, in milliseconds.',
  }),
});
export type InventoryConfig = Readonly<Static<typeof InventoryConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadInventoryConfig(): InventoryConfig {
  return loadProcessConfig('inventory', InventoryConfig, process.env);
}

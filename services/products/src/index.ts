export { type ProductsConfig, productsConfig } from './config.ts';
export type { ProductsContext } from './context.ts';
export { buildProducts } from './service.ts';
export { loadSample } from './use-cases/load-sample.ts';

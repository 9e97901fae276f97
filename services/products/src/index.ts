export { loadProductsConfig, ProductsConfig } from './config.ts';
export type { ProductsContext } from './context.ts';
export { buildProducts } from './service.ts';
export { loadSample } from './use-cases/load-sample.ts';

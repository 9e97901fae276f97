export { loadWebConfig, WebConfig } from './config.ts';
export type { WebContext } from './context.ts';
export { buildWeb } from './service.ts';

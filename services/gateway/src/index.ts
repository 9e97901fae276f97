export { openSharedRegistry } from './clients/shared-registry.ts';
export { GatewayConfig, loadGatewayConfig } from './config.ts';
export type { CountedClass, GatewayContext, GatewayOverrides, RateLimitSync } from './context.ts';
export { routeTable } from './route-table.ts';
export { buildGateway, type GatewayService } from './service.ts';
export type { WindowCount } from './workers/sliding-window.ts';

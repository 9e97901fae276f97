export { openSharedRegistry } from './clients/shared-registry.ts';
export { GatewayConfig, loadGatewayConfig } from './config.ts';
export type { CountedClass, GatewayContext, GatewayOverrides, RateLimitSync } from './context.ts';
export type { WindowCount } from './domain/sliding-window.ts';
export { routeTable } from './route-table.ts';
export { buildGateway, type GatewayService } from './service.ts';

/** Every route of the platform, by service. */

import type { RouteDeclaration } from '../define-route.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { gatewayRoutes } from './gateway.ts';
import { graphqlRoutes } from './graphql.ts';
import { inventoryRoutes } from './inventory.ts';
import { liveRoutes } from './live.ts';
import { notificationsRoutes } from './notifications.ts';
import { operationsRoutes } from './operations.ts';
import { ordersRoutes } from './orders.ts';
import { paymentsRoutes } from './payments.ts';
import { productsRoutes } from './products.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { usersRoutes } from './users.ts';
import { webRoutes } from './web.ts';

export * from './api-keys.ts';
export * from './chaos.ts';
export * from './facets.ts';
export * from './gateway.ts';
export * from './graphql.ts';
export * from './id-list.ts';
export * from './instance-status.ts';
export * from './internal.ts';
export * from './inventory.ts';
export * from './live.ts';
export * from './live-messages.ts';
export * from './notifications.ts';
export * from './operations.ts';
export * from './orders.ts';
export * from './paging.ts';
export * from './payments.ts';
export * from './problem.ts';
export * from './products.ts';
export * from './second-factor.ts';
export * from './status.ts';
export * from './suggestions.ts';
export * from './users.ts';
export * from './web.ts';

export const routes: readonly RouteDeclaration[] = [
  ...usersRoutes,
  ...secondFactorRoutes,
  ...apiKeyRoutes,
  ...productsRoutes,
  ...ordersRoutes,
  ...inventoryRoutes,
  ...paymentsRoutes,
  ...notificationsRoutes,
  ...operationsRoutes,
  ...gatewayRoutes,
  ...liveRoutes,
  ...webRoutes,
  ...graphqlRoutes,
];

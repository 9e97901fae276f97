/** Every route of the platform, by service. */

import type { RouteDeclaration } from '../define-route.ts';
import { accountPageRoutes } from './account-pages.ts';
import { addressRoutes } from './addresses.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { buyingRoutes } from './buying.ts';
import { cartRoutes } from './carts.ts';
import { categoryRoutes } from './categories.ts';
import { consoleRoutes } from './console.ts';
import { drillRoutes } from './drills.ts';
import { gatewayRoutes } from './gateway.ts';
import { graphqlRoutes } from './graphql.ts';
import { groupHandleRoutes } from './group-handles.ts';
import { groupRoutes } from './groups.ts';
import { guestRoutes } from './guests.ts';
import { inventoryRoutes } from './inventory.ts';
import { liveRoutes } from './live.ts';
import { notificationsRoutes } from './notifications.ts';
import { operationsRoutes } from './operations.ts';
import { orderLinkRoutes } from './order-links.ts';
import { orderListRoutes } from './order-lists.ts';
import { summariseOrders } from './order-summaries.ts';
import { ordersRoutes } from './orders.ts';
import { parcelRoutes } from './parcels.ts';
import { paymentsRoutes } from './payments.ts';
import { productImageRoutes } from './product-images.ts';
import { productImportRoutes } from './product-imports.ts';
import { productsRoutes } from './products.ts';
import { promotionsRoutes } from './promotions.ts';
import { quoteOrder } from './quotes.ts';
import { returnRoutes } from './returns.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { sessionRoutes } from './sessions.ts';
import { shippingRoutes } from './shipping.ts';
import { staffRoutes } from './staff.ts';
import { storefrontRoutes } from './storefront.ts';
import { taxRoutes } from './taxes.ts';
import { userSessionRoutes } from './user-sessions.ts';
import { usersRoutes } from './users.ts';
import { webRoutes } from './web.ts';
import { webhookRoutes } from './webhooks.ts';

export * from './account-pages.ts';
export * from './addresses.ts';
export * from './api-keys.ts';
export * from './buying.ts';
export * from './carts.ts';
export * from './categories.ts';
export * from './chaos.ts';
export * from './console.ts';
export * from './customers.ts';
export * from './disputes.ts';
export * from './drills.ts';
export * from './facets.ts';
export * from './gateway.ts';
export * from './graphql.ts';
export * from './group-facets.ts';
export * from './group-handles.ts';
export * from './groups.ts';
export * from './guests.ts';
export * from './id-list.ts';
export * from './instance-status.ts';
export * from './internal.ts';
export * from './inventory.ts';
export * from './live.ts';
export * from './live-messages.ts';
export * from './match-filters.ts';
export * from './notifications.ts';
export * from './operations.ts';
export * from './order-action.ts';
export * from './order-explanation.ts';
export * from './order-links.ts';
export * from './order-lists.ts';
export * from './order-records.ts';
export * from './order-summaries.ts';
export * from './orders.ts';
export * from './paging.ts';
export * from './parcels.ts';
export * from './payments.ts';
export * from './problem.ts';
export * from './product-export.ts';
export * from './product-image.ts';
export * from './product-images.ts';
export * from './product-imports.ts';
export * from './products.ts';
export * from './promotions.ts';
export * from './quotes.ts';
export * from './receipts.ts';
export * from './returns.ts';
export * from './second-factor.ts';
export * from './sessions.ts';
export * from './shipping.ts';
export * from './shop-actions.ts';
export * from './staff.ts';
export * from './status.ts';
export * from './storefront.ts';
export * from './suggestions.ts';
export * from './taxes.ts';
export * from './totals.ts';
export * from './user-sessions.ts';
export * from './users.ts';
export * from './users-internal.ts';
export * from './waiting-for.ts';
export * from './web.ts';
export * from './webhooks.ts';

export const routes: readonly RouteDeclaration[] = [
  ...usersRoutes,
  ...guestRoutes,
  ...secondFactorRoutes,
  ...staffRoutes,
  ...addressRoutes,
  ...apiKeyRoutes,
  ...productsRoutes,
  ...productImageRoutes,
  ...productImportRoutes,
  ...categoryRoutes,
  ...groupRoutes,
  ...groupHandleRoutes,
  ...orderListRoutes,
  ...ordersRoutes,
  ...parcelRoutes,
  ...returnRoutes,
  ...orderLinkRoutes,
  ...cartRoutes,
  quoteOrder,
  ...taxRoutes,
  ...shippingRoutes,
  ...promotionsRoutes,
  summariseOrders,
  ...inventoryRoutes,
  ...paymentsRoutes,
  ...notificationsRoutes,
  ...webhookRoutes,
  ...operationsRoutes,
  ...drillRoutes,
  ...gatewayRoutes,
  ...liveRoutes,
  ...webRoutes,
  ...storefrontRoutes,
  ...buyingRoutes,
  ...sessionRoutes,
  ...userSessionRoutes,
  ...accountPageRoutes,
  ...consoleRoutes,
  ...graphqlRoutes,
];

/** Every service of the platform: how its configuration is read and how it is built. */
import type { ServiceName } from '@souk/contracts';
import { buildGateway, GatewayConfig } from '@souk/gateway';
import { buildInventory, InventoryConfig } from '@souk/inventory';
import { buildNotifications, NotificationsConfig } from '@souk/notifications';
import { buildOrders, OrdersConfig } from '@souk/orders';
import { buildPayments, PaymentsConfig } from '@souk/payments';
import { buildProducts, ProductsConfig } from '@souk/products';
import { loadConfig, type Service } from '@souk/service-kit';
import { buildUsers, UsersConfig } from '@souk/users';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a test or the embedded world puts in place of the usual parts, for each service. */
export interface ServiceOverrides {
  gateway: Parameters<typeof buildGateway>[1];
  users: Parameters<typeof buildUsers>[1];
  products: Parameters<typeof buildProducts>[1];
  orders: Parameters<typeof buildOrders>[1];
  inventory: Parameters<typeof buildInventory>[1];
  payments: Parameters<typeof buildPayments>[1];
  notifications: Parameters<typeof buildNotifications>[1];
}

/** What each service's configuration may be. */
export const configSchemas = {
  gateway: GatewayConfig,
  users: UsersConfig,
  products: ProductsConfig,
  orders: OrdersConfig,
  inventory: InventoryConfig,
  payments: PaymentsConfig,
  notifications: NotificationsConfig,
};

type Builders = { [Name in ServiceName]: (env: Environment, overrides: ServiceOverrides[Name]) => Service };

/** Reads the configuration of a service and builds it; nothing is started. */
export const builders: Builders = {
  gateway: (env, overrides) => buildGateway(loadConfig('gateway', configSchemas.gateway, env), overrides),
  users: (env, overrides) => buildUsers(loadConfig('users', configSchemas.users, env), overrides),
  products: (env, overrides) => buildProducts(loadConfig('products', configSchemas.products, env), overrides),
  orders: (env, overrides) => buildOrders(loadConfig('orders', configSchemas.orders, env), overrides),
  inventory: (env, overrides) => buildInventory(loadConfig('inventory', configSchemas.inventory, env), overrides),
  payments: (env, overrides) => buildPayments(loadConfig('payments', configSchemas.payments, env), overrides),
  notifications: (env, overrides) => buildNotifications(loadConfig('notifications', configSchemas.notifications, env), overrides),
};

/** Those that keep data; all but the gateway. */
export const keepers = ['users', 'products', 'orders', 'inventory', 'payments', 'notifications'] as const;

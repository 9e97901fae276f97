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

type Builders = { [Name in ServiceName]: (env: Environment, overrides: ServiceOverrides[Name]) => Service };

/** Reads the configuration of a service and builds it; nothing is started. */
export const builders: Builders = {
  gateway: (env, overrides) => buildGateway(loadConfig('gateway', GatewayConfig, env), overrides),
  users: (env, overrides) => buildUsers(loadConfig('users', UsersConfig, env), overrides),
  products: (env, overrides) => buildProducts(loadConfig('products', ProductsConfig, env), overrides),
  orders: (env, overrides) => buildOrders(loadConfig('orders', OrdersConfig, env), overrides),
  inventory: (env, overrides) => buildInventory(loadConfig('inventory', InventoryConfig, env), overrides),
  payments: (env, overrides) => buildPayments(loadConfig('payments', PaymentsConfig, env), overrides),
  notifications: (env, overrides) => buildNotifications(loadConfig('notifications', NotificationsConfig, env), overrides),
};

/** Those that keep data; all but the gateway. */
export const keepers = ['users', 'products', 'orders', 'inventory', 'payments', 'notifications'] as const;

/** Every service of the platform: how its configuration is read and how it is built. A new service needs its line here. */
import type { DataServiceName, ServiceName } from '@souk/contracts';
import { buildGateway, GatewayConfig } from '@souk/gateway';
import { buildInventory, InventoryConfig } from '@souk/inventory';
import { buildNotifications, NotificationsConfig } from '@souk/notifications';
import { buildOperations, OperationsConfig } from '@souk/operations';
import { buildOrders, OrdersConfig } from '@souk/orders';
import { buildPayments, PaymentsConfig } from '@souk/payments';
import { buildProducts, ProductsConfig } from '@souk/products';
import { loadConfig, type RunnableService, type Service } from '@souk/service-kit';
import { buildUsers, UsersConfig } from '@souk/users';
import { buildWeb, WebConfig } from '@souk/web';

export type Environment = Readonly<Record<string, string | undefined>>;

const definitions = {
  gateway: { schema: GatewayConfig, build: buildGateway },
  users: { schema: UsersConfig, build: buildUsers },
  products: { schema: ProductsConfig, build: buildProducts },
  orders: { schema: OrdersConfig, build: buildOrders },
  notifications: { schema: NotificationsConfig, build: buildNotifications },
  inventory: { schema: InventoryConfig, build: buildInventory },
  payments: { schema: PaymentsConfig, build: buildPayments },
  operations: { schema: OperationsConfig, build: buildOperations },
  web: { schema: WebConfig, build: buildWeb },
} as const satisfies Record<ServiceName, unknown>;

type Definitions = typeof definitions;

/** What a test or the embedded world puts in place of the usual parts, for each service. */
export type ServiceOverrides = { [Name in ServiceName]: Parameters<Definitions[Name]['build']>[1] };

/** What each service's configuration may be. */
export const configSchemas = Object.fromEntries(Object.entries(definitions).map(([name, { schema }]) => [name, schema])) as {
  [Name in ServiceName]: Definitions[Name]['schema'];
};

/** A service with a database has more than one without. */
export type NamedService<Name extends ServiceName> = Name extends DataServiceName ? Service : RunnableService;

/** Reads the configuration of a service and builds it; nothing is started. */
export function buildNamed<Name extends ServiceName>(name: Name, env: Environment, overrides: ServiceOverrides[Name]): NamedService<Name> {
  const { schema, build } = definitions[name];
  // The compiler cannot see that schema and builder are of the same service.
  return (build as (config: object, overrides: unknown) => NamedService<Name>)(loadConfig(name, schema, env), overrides);
}

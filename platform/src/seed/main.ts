/**
 * A process of its own that seeds a distributed platform: what it writes into the databases of users and products has its events in
 * their outboxes, from where the running services publish them.
 */
import { openConfiguredBroker } from '@souk/messaging';
import { buildProducts, ProductsConfig } from '@souk/products';
import { loadConfig } from '@souk/service-kit';
import { createLog } from '@souk/telemetry';
import { buildUsers, UsersConfig } from '@souk/users';
import { readSeedConfig } from '../config.ts';
import { keptAccounts } from './accounts.ts';
import { seed } from './seed.ts';

const { home, sample, env } = readSeedConfig();
const usersConfig = loadConfig('users', UsersConfig, { ...env, DATABASE_URL: env['USERS_DATABASE_URL'] });
const productsConfig = loadConfig('products', ProductsConfig, { ...env, DATABASE_URL: env['PRODUCTS_DATABASE_URL'] });
const log = createLog({ level: usersConfig.log_level, format: 'json', fields: { service: 'seed' } });
const broker = await openConfiguredBroker(usersConfig, log);
const users = buildUsers(usersConfig, { broker, log });
const products = buildProducts(productsConfig, { broker, log });
try {
  await seed({ users: users.context, products: products.context }, { kept: await keptAccounts(home), sample, progress: () => undefined });
} finally {
  await Promise.all([users.stop(), products.stop()]);
  await broker.close();
}
process.exit(0);

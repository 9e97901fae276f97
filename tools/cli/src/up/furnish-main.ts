/**
 * A process of its own that gives a new distributed platform its first accounts and, unless unwanted, the sample shop:
 * it writes into the databases of users and products as their own code does, with the facts in their outboxes, from
 * where the running services publish them. What is there already stays as it is.
 */
import { keptAccounts } from '@souk/constellation';
import { openConfiguredBroker } from '@souk/messaging';
import { buildProducts, loadSample, ProductsConfig } from '@souk/products';
import { createLog, loadConfig } from '@souk/service-kit';
import { buildUsers, ensureAccount, loadSampleCustomers, UsersConfig } from '@souk/users';
import { readConfig } from '../config.ts';

const { home, sample, log_level, env } = readConfig();
const log = createLog({ level: log_level, format: 'json', fields: { service: 'furnish' } });
const usersConfig = loadConfig('users', UsersConfig, { ...env, DATABASE_URL: env['USERS_DATABASE_URL'] });
const broker = await openConfiguredBroker(usersConfig, log);
const users = buildUsers(usersConfig, { broker, log });
const products = buildProducts(loadConfig('products', ProductsConfig, { ...env, DATABASE_URL: env['PRODUCTS_DATABASE_URL'] }), {
  broker,
  log,
});
try {
  const kept = await keptAccounts(home);
  for (const account of kept.accounts) await ensureAccount(users.context, account, kept.created);
  await kept.keep();
  if (sample) {
    await loadSample(products.context);
    await loadSampleCustomers(users.context);
  }
} finally {
  await Promise.all([users.stop(), products.stop()]);
  await broker.close();
}
process.exit(0);

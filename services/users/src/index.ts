export { loadUsersConfig, UsersConfig } from './config.ts';
export type { UsersContext, UsersOverrides } from './context.ts';
export { buildUsers, usersMigrations } from './service.ts';
export { ensureAccount, type WantedAccount } from './use-cases/ensure-account.ts';
export { loadSampleCustomers } from './use-cases/load-sample-customers.ts';
export { type NewKey, rotateKeys } from './use-cases/rotate-keys.ts';

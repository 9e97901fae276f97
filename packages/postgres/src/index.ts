export { openDatabase } from './database.ts';
export { isUnavailable, sqlState, violatedConstraint } from './errors.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export type { Database, DatabaseOptions, Queryable, Tx } from './queryable.ts';
export { startPatience } from './start-patience.ts';

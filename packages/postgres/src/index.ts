export { type Database, type DatabaseOptions, openDatabase, type Queryable, type Tx } from './database.ts';
export { sqlState, violatedConstraint } from './errors.ts';
export { type MigrateOptions, migrate } from './migrate.ts';

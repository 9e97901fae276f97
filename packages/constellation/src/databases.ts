/** The databases of the platform: one for each service that keeps something, and the embedded broker's. */
export const databaseNames = ['users', 'products', 'orders', 'inventory', 'payments', 'notifications', 'broker'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** Extensions only a superuser may create; made together with the database. */
export function extensionsOf(name: DatabaseName): string[] {
  return name === 'products' ? ['pg_trgm', 'unaccent'] : [];
}

import { type DataServiceName, dataServices, serviceEntry } from '@souk/contracts';
import { embeddedBrokerMigrations, messagingMigrations } from '@souk/messaging';
import { kitMigrations } from '@souk/service-kit';

/** The databases of the platform: one for each service that keeps something, and the embedded broker's. */
export type DatabaseName = DataServiceName | 'broker';
export const databaseNames: readonly DatabaseName[] = [...dataServices, 'broker'];

/** Extensions only a superuser may create; made together with the database. */
export function extensionsOf(name: DatabaseName): readonly string[] {
  return serviceEntry(name)?.extensions ?? [];
}

/** Everything that a database of this name has to have had. */
export function migrationFolders(name: DatabaseName): URL[] {
  if (name === 'broker') return [embeddedBrokerMigrations];
  return [kitMigrations, messagingMigrations, new URL(`../../../services/${name}/migrations/`, import.meta.url)];
}

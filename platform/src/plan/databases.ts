import { type DataServiceName, dataServices, serviceEntry } from '@souk/contracts';

/** The databases of the platform: one for each service that keeps something, and the embedded broker's. */
export type DatabaseName = DataServiceName | 'broker';
export const databaseNames: readonly DatabaseName[] = [...dataServices, 'broker'];

/** Extensions only a superuser may create; made together with the database. */
export function extensionsOf(name: DatabaseName): readonly string[] {
  return serviceEntry(name)?.extensions ?? [];
}

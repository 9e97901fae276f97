/**
 * The table of services: the one place that says which there are. Ports, databases, start order, the services an audit and the
 * dead letters cover, the backup order, what the status page says and the lists in compose.yaml and the monitoring configuration
 * are derived from it or tested against it.
 */

export interface ServiceEntry {
  /** Plural noun: also the folder, the package, the role and database, the prefix of queues and the name in logs. */
  name: string;
  /** Distance of its port from PORT_BASE; unique. */
  port_offset: number;
  /** Has a database of its own; all that keep data of the shop. */
  has_database: boolean;
  /** Extensions of that database, which only a superuser may create. */
  extensions?: readonly string[];
  /** Services that have to run before it starts. */
  needs: readonly string[];
  /** What it is for, as the start text shows it. */
  title: string;
  /** What customers and staff notice while no instance of it answers. */
  consequence_when_away: string;
  /**
   * Its place in a backup, the lowest first. A service with a copy of another's data comes before the owner of that data, and
   * `orders`, which decides on an order, after the services that act on it.
   */
  backup_order?: number;
}

/** All services, in the order in which they are listed everywhere. */
export const services = [
  {
    name: 'gateway',
    port_offset: 0,
    has_database: false,
    needs: ['users'],
    title: 'the one address a client needs',
    consequence_when_away: 'Customers reach the shop through other gateways only.',
  },
  {
    name: 'users',
    port_offset: 1,
    has_database: true,
    needs: [],
    title: 'accounts, sign-in',
    consequence_when_away: 'Sign-in and registration do not work. Users who are signed in can go on for some minutes.',
    backup_order: 6,
  },
  {
    name: 'products',
    port_offset: 2,
    has_database: true,
    extensions: ['pg_trgm', 'unaccent'],
    needs: ['users', 'gateway'],
    title: 'catalogue, search',
    consequence_when_away: 'The catalogue cannot be read or changed. Orders for products already known are accepted.',
    backup_order: 5,
  },
  {
    name: 'orders',
    port_offset: 3,
    has_database: true,
    needs: ['users', 'gateway'],
    title: 'orders, checkout',
    consequence_when_away: 'No order can be placed or read. Nothing that was accepted is lost.',
    backup_order: 4,
  },
  {
    name: 'notifications',
    port_offset: 4,
    has_database: true,
    needs: ['users', 'gateway'],
    title: 'messages to people',
    consequence_when_away: 'Customers are notified later. Nothing is lost.',
    backup_order: 1,
  },
  {
    name: 'inventory',
    port_offset: 5,
    has_database: true,
    needs: ['users', 'gateway'],
    title: 'stock',
    consequence_when_away: 'Orders are accepted and wait for their stock.',
    backup_order: 2,
  },
  {
    name: 'payments',
    port_offset: 6,
    has_database: true,
    needs: ['users', 'gateway'],
    title: 'charges, refunds',
    consequence_when_away: 'Orders are accepted and wait for their money.',
    backup_order: 3,
  },
  {
    name: 'operations',
    port_offset: 7,
    has_database: false,
    needs: ['users', 'gateway'],
    title: 'status, audits, dead letters',
    consequence_when_away: 'Staff have no status page, no audits and no dead letters. Customers notice nothing.',
  },
  {
    name: 'web',
    port_offset: 8,
    has_database: false,
    needs: [],
    title: 'storefront, API reference',
    consequence_when_away: 'The pages of the shop and the reference of the API cannot be read. Clients of the API notice nothing.',
  },
] as const satisfies readonly ServiceEntry[];

type Entry = (typeof services)[number];
export type ServiceName = Entry['name'];
/** A service with a database of its own. */
export type DataServiceName = Extract<Entry, { has_database: true }>['name'];

const entries: readonly (ServiceEntry & { name: ServiceName })[] = services;

export const serviceNames: readonly ServiceName[] = entries.map(({ name }) => name);

/** Those behind the gateway, which register there. */
export const registeredServices: readonly Exclude<ServiceName, 'gateway'>[] = serviceNames.filter((name) => name !== 'gateway');

/** Those with a database, which are also those with queues, dead letters and audit records. */
export const dataServices: readonly DataServiceName[] = entries
  .filter(({ has_database }) => has_database)
  .map(({ name }) => name as DataServiceName);

/** The entry of a service; undefined for a name that is not in the table. */
export function serviceEntry(name: string): (ServiceEntry & { name: ServiceName }) | undefined {
  return entries.find((entry) => entry.name === name);
}

/** Distance of each service's port from PORT_BASE. */
export const portOffsets = Object.fromEntries(entries.map(({ name, port_offset }) => [name, port_offset])) as Readonly<
  Record<ServiceName, number>
>;

/**
 * The services in the stages in which they start: each stage needs only those before it. Throws when services need each other in a
 * circle or need one that is not listed, with their names.
 */
export function startStages(listed: readonly Pick<ServiceEntry, 'name' | 'needs'>[] = services): string[][] {
  const stages: string[][] = [];
  let left = [...listed];
  while (left.length > 0) {
    const started = new Set(stages.flat());
    const stage = left.filter(({ needs }) => needs.every((name) => started.has(name)));
    if (stage.length === 0)
      throw new TypeError(`These services cannot start one after another: ${left.map(({ name }) => name).join(', ')}.`);
    stages.push(stage.map(({ name }) => name));
    left = left.filter((entry) => !stage.includes(entry));
  }
  return stages;
}

/** The services with a database in the order in which a backup copies them. */
export const backupOrder: readonly DataServiceName[] = [...dataServices].sort((left, right) => rank(left) - rank(right));

function rank(name: ServiceName): number {
  return serviceEntry(name)?.backup_order ?? 0;
}

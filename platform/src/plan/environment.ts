/** The environment of each service when one process runs them all: what the platform decides, and the rest as it was given. */
import { join } from 'node:path';
import { type DataServiceName, portOffsets, type ServiceName, serviceNames } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { loadConfig } from '@souk/service-kit';
import type { World } from '../infrastructure/embedded-world.ts';
import { configSchemas, type Environment } from '../services.ts';
import { databaseNames } from './databases.ts';

const host = '127.0.0.1';
const addresses = serviceNames.map((name) => `${name.toUpperCase()}_URL`);

/**
 * What a shell may hold for quite another program (PORT, DATABASE_URL) must not lead a service there: these are the
 * platform's own, whatever the environment says.
 */
export const decidedVariables: readonly string[] = [
  ...['HOST', 'ADVERTISE_HOST', 'PORT', 'PORT_BASE', 'INSTANCE_ID', 'STATE_FOLDER', 'INTERNAL_TOKEN', 'DRILLS_URL'],
  ...['DATABASE_URL', 'BROKER_URL', 'AMQP_URL', 'REDIS_URL', ...addresses],
];

export interface EnvironmentInputs {
  world: Pick<World, 'home' | 'database_urls' | 'env'>;
  port_base: number;
  internal_token: string;
  /** Where drills are taken; without it none are allowed. */
  drills_url?: string | undefined;
  /** Variables for all services, as they were given. */
  env: Environment;
}

/** The address of a service whose ports begin at `port_base`. */
export function addressOf(name: ServiceName, port_base: number): string {
  return `http://${host}:${port_base + portOffsets[name]}`;
}

/** The environment one service is configured from. */
export function environmentOf(name: ServiceName, { world, port_base, internal_token, drills_url, env }: EnvironmentInputs): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([variable]) => !decidedVariables.includes(variable.replace(/_FILE$/, ''))));
  return {
    ...(name === 'products' && { MEDIA_FOLDER: join(world.home, 'media') }),
    ...given,
    ...world.env,
    HOST: host,
    PORT_BASE: String(port_base),
    PORT: String(port_base + portOffsets[name]),
    INTERNAL_TOKEN: internal_token,
    STATE_FOLDER: join(world.home, name),
    ...(name !== 'gateway' && { GATEWAY_URL: addressOf('gateway', port_base) }),
    ...(name === 'operations' && drills_url !== undefined && { DRILLS_URL: drills_url }),
    ...(name in world.database_urls && { DATABASE_URL: world.database_urls[name as DataServiceName] }),
  };
}

/** What the services would refuse in this environment, each problem once; to be reported before anything is started. */
export function environmentProblems(env: Environment): string[] {
  const database_urls = Object.fromEntries(databaseNames.map((name) => [name, 'postgres://127.0.0.1'])) as World['database_urls'];
  const inputs = { world: { home: '.', database_urls }, port_base: 8_000, internal_token: 'Uncommon'.repeat(4), env };
  const load = (name: ServiceName) => () => loadConfig(name, configSchemas[name], environmentOf(name, inputs));
  return [...new Set(serviceNames.flatMap((name) => problemsOf(load(name))))];
}

function problemsOf(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof AppError && Array.isArray(error.details['problems'])) return error.details['problems'];
    throw error;
  }
}

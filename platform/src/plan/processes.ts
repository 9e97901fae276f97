/** The plan of the distributed world: which processes there are, on which ports, with which environment. */
import { join } from 'node:path';
import { type DataServiceName, dataServices, portOffsets, registeredServices, type ServiceName, serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import type { Replicas } from './replicas.ts';

/** Where the servers are that all processes use. */
export interface ServerAddresses {
  database_urls: Readonly<Record<DataServiceName, string>>;
  amqp_url: string;
  redis_url: string;
}

export interface PlanOptions extends ServerAddresses {
  replicas: Replicas;
  port_base: number;
  /** For replicas beyond the first; as many as `freePortsNeeded` says. */
  free_ports: readonly number[];
  home: string;
  internal_token: string;
  /** Where drills are taken; without it none are allowed. */
  drills_url?: string | undefined;
  /** What the command was started with; what is planned here wins. */
  env: Readonly<Record<string, string | undefined>>;
}

export interface Instance {
  service: ServiceName;
  /** `orders-1`; also its INSTANCE_ID, the same after a restart. */
  name: string;
  port: number;
  url: string;
  env: Readonly<Record<string, string | undefined>>;
}

const host = '127.0.0.1';
const furtherGateways = 10;

/** Gateways have ports of their own (base, base + 10, + 11, …); replicas of services beyond the first take free ones. */
export function freePortsNeeded(replicas: Replicas): number {
  return registeredServices.reduce((sum, name) => sum + replicas[name] - 1, 0);
}

/** The ports that are known beforehand: of the gateways and of the first of each service. */
export function fixedPorts(replicas: Replicas, port_base: number): number[] {
  return [...gatewayPorts(replicas, port_base), ...registeredServices.map((name) => port_base + portOffsets[name])];
}

/** All processes, in the order of the services. */
export function planInstances(options: PlanOptions): Instance[] {
  const { replicas, port_base } = options;
  const gateways = gatewayPorts(replicas, port_base);
  const free = options.free_ports.values();
  const portsOf = (service: ServiceName): number[] => {
    if (service === 'gateway') return gateways;
    const further = Array.from({ length: replicas[service] - 1 }, () => required(free.next().value, 'a free port'));
    return [port_base + portOffsets[service], ...further];
  };
  const shared = sharedEnvironment(options, gateways);
  return serviceNames.flatMap((service) =>
    portsOf(service).map((port, index) => {
      const name = `${service}-${index + 1}`;
      return { service, name, port, url: urlOf(port), env: { ...shared, ...ownEnvironment(options, service, name, port) } };
    }),
  );
}

function gatewayPorts(replicas: Replicas, port_base: number): number[] {
  return Array.from({ length: replicas.gateway }, (_, index) => (index === 0 ? port_base : port_base + furtherGateways + index - 1));
}

function sharedEnvironment(options: PlanOptions, gateways: readonly number[]): Record<string, string | undefined> {
  const addresses = dataServices.map((name) => [`${name.toUpperCase()}_URL`, urlOf(options.port_base + portOffsets[name])] as const);
  return {
    ...options.env,
    ...Object.fromEntries(addresses),
    GATEWAY_URL: gateways.map(urlOf).join(','),
    AMQP_URL: options.amqp_url,
    REDIS_URL: options.redis_url,
    BROKER_URL: undefined,
    INTERNAL_TOKEN: options.internal_token,
    HOST: host,
    ADVERTISE_HOST: host,
    PORT_BASE: String(options.port_base),
    LOG_FORMAT: 'json',
  };
}

function ownEnvironment(options: PlanOptions, service: ServiceName, name: string, port: number): Record<string, string | undefined> {
  return {
    PORT: String(port),
    INSTANCE_ID: name,
    STATE_FOLDER: join(options.home, name),
    ...(service === 'products' && options.env['MEDIA_FOLDER'] === undefined && { MEDIA_FOLDER: join(options.home, 'media') }),
    ...(service === 'operations' && { DRILLS_URL: options.drills_url }),
    DATABASE_URL: service in options.database_urls ? options.database_urls[service as DataServiceName] : undefined,
  };
}

function urlOf(port: number): string {
  return `http://${host}:${port}`;
}

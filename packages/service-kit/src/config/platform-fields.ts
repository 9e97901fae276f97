/** The configuration every service shares; the environment variable is the same word in upper case. */
import type { ServiceName } from '@souk/contracts';
import Type, { type Static } from 'typebox';
import { tracingFields } from './tracing-fields.ts';

/** A secret: at least 32 characters, none of the well-known ones, never printed. */
export const secretField = (description: string) => Type.String({ minLength: 32, maxLength: 4_096, description, secret: true });
/** A base address such as `http://127.0.0.1:8001`. */
export const urlField = (description: string) => Type.String({ pattern: '^https?://[^\\s]+$', description });

const milliseconds = (description: string, most: number, value: number) =>
  Type.Integer({ minimum: 0, maximum: most, default: value, description: `${description}, in milliseconds.` });

export const platformFields = {
  host: Type.String({ minLength: 1, maxLength: 253, default: '127.0.0.1', description: 'Address to listen on.' }),
  port: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Port to listen on; 0 takes a free one. Default: PORT_BASE + 1 to 6.' }),
  port_base: Type.Integer({ minimum: 1, maximum: 65_000, default: 8_000, description: 'Moves all ports together.' }),
  advertise_host: Type.Optional(Type.String({ minLength: 1, maxLength: 253, description: 'Host under which others reach this instance.' })),
  instance_id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$', description: 'Name of this instance; default is made.' })),
  database_url: Type.String({ pattern: '^postgres(ql)?://', secret: true, description: 'The database of this service alone.' }),
  internal_token: secretField('What services show each other on internal routes.'),
  chaos_token: Type.Optional(
    Type.String({
      minLength: 16,
      maxLength: 4_096,
      secret: true,
      description: 'Makes the chaos switches of GET, PUT and DELETE /chaos possible for whoever shows it; without it there are none.',
    }),
  ),
  gateway_url: Type.String({
    pattern: '^(https?://[^\\s,]+(,https?://[^\\s,]+)*)?$',
    description: 'Gateways to register at, separated by commas; empty registers nowhere.',
  }),
  users_url: urlField('Where the users service is, for its key set.'),
  products_url: urlField('Where the products service is.'),
  orders_url: urlField('Where the orders service is.'),
  inventory_url: urlField('Where the inventory service is.'),
  payments_url: urlField('Where the payments service is.'),
  notifications_url: urlField('Where the notifications service is.'),
  amqp_url: Type.Optional(Type.String({ pattern: '^amqps?://', secret: true, description: 'RabbitMQ; without it the embedded broker.' })),
  broker_url: Type.Optional(
    Type.String({ pattern: '^postgres(ql)?://', secret: true, description: 'Database of the embedded broker, where AMQP_URL is not set.' }),
  ),
  redis_url: Type.Optional(
    Type.String({ pattern: '^rediss?://', secret: true, description: 'Redis or Valkey; without it in-process tiers.' }),
  ),
  installation: Type.String({
    pattern: '^[a-z][a-z0-9-]{0,31}$',
    default: 'souk',
    description: 'Name of this installation, before its keys in Redis and (other than souk) its queues: several may share both.',
  }),
  log_level: Type.Union(
    [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error'), Type.Literal('silent')],
    { default: 'info', description: 'Least important lines that are written; requests are at info.' },
  ),
  log_format: Type.Union([Type.Literal('auto'), Type.Literal('json'), Type.Literal('pretty')], {
    default: 'auto',
    description: 'How log lines look; auto is pretty on a terminal.',
  }),
  metrics: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off counts nothing and shows nothing at /metrics; for measuring what metrics cost.',
  }),
  ...tracingFields,
  db_pool_max: Type.Integer({ minimum: 1, maximum: 200, default: 4, description: 'Most database connections of this instance.' }),
  statement_timeout_ms: milliseconds('Longest run of one SQL statement', 600_000, 15_000),
  shutdown_timeout_ms: milliseconds('Longest time to stop', 120_000, 10_000),
  request_timeout_ms: milliseconds('Longest time for a request to arrive whole', 600_000, 30_000),
  headers_timeout_ms: milliseconds('Longest time for the headers of a request to arrive', 60_000, 10_000),
  keep_alive_timeout_ms: milliseconds('How long an idle client connection is kept; longer than the gateway keeps its own', 600_000, 72_000),
  code_version: Type.String({
    minLength: 1,
    maxLength: 100,
    default: '0.1.0',
    description: 'Version of the running code, as seen in events.',
  }),
  shop_currency: Type.String({ pattern: '^[A-Z]{3}$', default: 'EUR', description: 'Currency where none is said, ISO 4217.' }),
  migrate: Type.Boolean({ default: true, description: 'Bring the database up to date before starting.' }),
};

export const PlatformConfig = Type.Object(platformFields);
export type PlatformConfig = Readonly<Static<typeof PlatformConfig>>;

/** Distance of each service's port from PORT_BASE. */
export const portOffsets: Readonly<Record<ServiceName, number>> = {
  gateway: 0,
  users: 1,
  products: 2,
  orders: 3,
  notifications: 4,
  inventory: 5,
  payments: 6,
};

/** Defaults that follow from PORT_BASE: the own port, where the others are, and where customers find the shop. */
export function derivedDefaults(service: ServiceName, port_base: number): Record<string, unknown> {
  const defaults: Record<string, unknown> = { port: port_base + portOffsets[service], shop_url: `http://127.0.0.1:${port_base}` };
  for (const [name, offset] of Object.entries(portOffsets)) defaults[`${name}_url`] = `http://127.0.0.1:${port_base + offset}`;
  return defaults;
}

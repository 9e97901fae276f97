/** The configuration every service shares; the environment variable is the same word in upper case. */
import { type DataServiceName, dataServices, portOffsets, type ServiceName } from '@souk/contracts';
import Type, { type Static } from 'typebox';
import { tracingFields } from './tracing-fields.ts';

/** A secret: at least 32 characters, none of the well-known ones, never printed. */
export const secretField = (description: string) => Type.String({ minLength: 32, maxLength: 4_096, description, secret: true });
/** A base address such as `http://127.0.0.1:8001`. */
export const urlField = (description: string) =>
  Type.String({ pattern: '^https?://[^\\s]+$', examples: ['http://127.0.0.1:8001'], description });

const milliseconds = (description: string, most: number, value: number) =>
  Type.Integer({ minimum: 0, maximum: most, default: value, description: `${description}, in milliseconds.` });

const postgresExample = 'postgres://user:password@127.0.0.1:5432/database';

/** Where each service with a database is: `users_url` and its like, from the table of services. */
function addressFields(): Record<`${DataServiceName}_url`, ReturnType<typeof urlField>> {
  const rows = dataServices.map((name) => [`${name}_url`, urlField(`Where the ${name} service is.`)]);
  return Object.fromEntries(rows) as ReturnType<typeof addressFields>;
}

export const platformFields = {
  host: Type.String({ minLength: 1, maxLength: 253, default: '127.0.0.1', description: 'Address to listen on.' }),
  port: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Port to listen on; 0 takes a free one. Default: PORT_BASE + 1 to 8.' }),
  port_base: Type.Integer({ minimum: 1, maximum: 65_000, default: 8_000, description: 'Moves all ports together.' }),
  advertise_host: Type.Optional(Type.String({ minLength: 1, maxLength: 253, description: 'Host under which others reach this instance.' })),
  instance_id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$', description: 'Name of this instance; default is made.' })),
  database_url: Type.String({
    pattern: '^postgres(ql)?://',
    examples: [postgresExample],
    secret: true,
    description: 'The database of this service alone.',
  }),
  internal_token: secretField('What services show each other on internal routes.'),
  chaos_token: Type.Optional(
    Type.String({
      minLength: 16,
      maxLength: 4_096,
      secret: true,
      description: 'Bearer token of the chaos switches (GET, PUT and DELETE /chaos); without it there are none.',
    }),
  ),
  gateway_url: Type.String({
    pattern: '^(https?://[^\\s,]+(,https?://[^\\s,]+)*)?$',
    examples: ['http://127.0.0.1:8000'],
    description: 'Gateways to register at, separated by commas; empty registers nowhere.',
  }),
  ...addressFields(),
  amqp_url: Type.Optional(
    Type.String({
      pattern: '^amqps?://[^\\s,]+(,amqps?://[^\\s,]+)*$',
      examples: ['amqp://user:password@127.0.0.1:5672'],
      secret: true,
      description: 'RabbitMQ, or several nodes of one cluster, separated by commas; without it the embedded broker.',
    }),
  ),
  broker_url: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      examples: [postgresExample],
      secret: true,
      description: 'Database of the embedded broker, where AMQP_URL is not set.',
    }),
  ),
  redis_url: Type.Optional(
    Type.String({
      pattern: '^rediss?://',
      examples: ['redis://:password@127.0.0.1:6379'],
      secret: true,
      description: 'Redis or Valkey; without it in-process tiers.',
    }),
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
  dead_letters_kept_days: Type.Integer({
    minimum: 1,
    maximum: 3_650,
    default: 90,
    description: 'Days after which dead letters that were neither replayed nor discarded are deleted.',
  }),
  migrate: Type.Boolean({ default: true, description: 'Bring the database up to date before starting.' }),
};

export const PlatformConfig = Type.Object(platformFields);
export type PlatformConfig = Readonly<Static<typeof PlatformConfig>>;

const {
  database_url: _database,
  broker_url: _broker,
  db_pool_max: _pool,
  statement_timeout_ms: _statement,
  dead_letters_kept_days: _kept,
  migrate: _migrate,
  ...withoutDatabase
} = platformFields;

/** The configuration of a service without a database. */
export const processFields = withoutDatabase;
const ProcessConfig = Type.Object(processFields);
export type ProcessConfig = Readonly<Static<typeof ProcessConfig>>;

/** Defaults that follow from PORT_BASE: the own port, and where the others are. */
export function derivedDefaults(service: ServiceName, port_base: number): Record<string, unknown> {
  const defaults: Record<string, unknown> = { port: port_base + portOffsets[service] };
  for (const [name, offset] of Object.entries(portOffsets)) defaults[`${name}_url`] = `http://127.0.0.1:${port_base + offset}`;
  return defaults;
}

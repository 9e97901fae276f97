/** The gateway's configuration. It has no database; what it keeps (key set, last view of the registry) are files in `state_folder`. */
import { loadProcessConfig, platformFields, processFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

const { gateway_url: _gateway, ...shared } = processFields;
/** More than one process can answer in a minute. */
const ratesMax = 100_000_000;
const count = (most: number, value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: most, default: value, description });
const milliseconds = (least: number, most: number, value: number, description: string) =>
  Type.Integer({ minimum: least, maximum: most, default: value, description: `${description}, in milliseconds.` });

export const GatewayConfig = Type.Object({
  ...shared,
  broker_url: platformFields.broker_url,
  state_folder: Type.String({
    minLength: 1,
    default: '.souk/gateway',
    description: 'Folder for the key set and the last view of the registry.',
  }),
  static_services_proof: Type.Union([Type.Literal('required'), Type.Literal('none')], {
    default: 'required',
    description:
      'Whether the instances of STATIC_SERVICES prove that they are of this installation: none for programs that are not of Souk.',
  }),
  static_services: Type.String({ default: '', description: 'Fixed addresses: name=http://host:port,dns://host:port;name=…' }),
  trusted_proxies: Type.String({
    default: '',
    description: 'Addresses or CIDR ranges, by commas, whose X-Forwarded-For and X-Forwarded-Proto are believed.',
  }),
  cors_origins: Type.String({ default: '', description: 'Origins, by commas, whose pages may call the API; none by default.' }),
  lease_ms: milliseconds(1_000, 600_000, 30_000, 'How long a registration holds without renewal'),
  health_interval_ms: milliseconds(100, 600_000, 30_000, 'Between two checks of an instance that is well'),
  recheck_interval_ms: milliseconds(50, 60_000, 1_000, 'Between two checks while an instance is out'),
  rate_limit: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off counts nothing; for load tests only.',
  }),
  rate_limit_auth_max: count(ratesMax, 10, 'Most requests of class auth a minute, for each user or address.'),
  rate_limit_write_max: count(ratesMax, 60, 'Most requests of class write a minute, for each user or address.'),
  rate_limit_read_max: count(ratesMax, 600, 'Most requests of class read a minute, for each user or address.'),
  rate_limit_asset_max: count(
    ratesMax,
    3_000,
    'Most requests of class asset (files and pictures of pages) a minute, for each user or address.',
  ),
  rate_limit_keys_max: count(10_000_000, 100_000, 'Most users and addresses counted in each class; beyond it the oldest are forgotten.'),
  rate_limit_sync_ms: milliseconds(20, 60_000, 200, 'Between two exchanges of counts with other gateways'),
  souk_bench: Type.Boolean({ default: false, description: 'Allows RATE_LIMIT=off in the distributed world.' }),
  client_connections_max: count(1_000_000, 10_000, 'Most open client connections; near it the longest idle ones are closed.'),
  address_connections_max: count(
    1_000_000,
    512,
    'Most open connections of one client address (IPv6: of its /64); beyond it its own idle ones are closed. Not for TRUSTED_PROXIES.',
  ),
  caller_requests_max: count(100_000, 256, 'Most requests under way of one user, or of one address without a token; beyond it 429.'),
  streams_max: count(1_000_000, 8_000, 'Most streams and WebSockets open for live updates, all together.'),
  caller_streams_max: count(100_000, 20, 'Most of them open for one user, or for one address without a token; beyond it 429.'),
  url_length_max: count(16_000, 8_000, 'Longest address taken, in characters.'),
  headers_bytes_max: Type.Integer({ minimum: 4_096, maximum: 1_048_576, default: 16_384, description: 'Most bytes of request headers.' }),
  body_bytes_max: count(104_857_600, 1_048_576, 'Most bytes of a request body, where the route does not say more.'),
  uploads_max: count(1_000, 8, 'Most bodies above BODY_BYTES_MAX at once; each holds a connection to a service while it arrives.'),
  buffer_bytes_max: Type.Integer({
    minimum: 1_048_576,
    maximum: 17_179_869_184,
    default: 134_217_728,
    description: 'Most bytes of bodies and answers that are held for slow clients, all together; the slowest are cut off first.',
  }),
  answer_buffer_bytes_max: count(1_073_741_824, 16_777_216, 'Most bytes of one answer that are held for a slow client.'),
  body_rate_min: count(1_000_000_000, 8_192, 'Least bytes a second of a body in either direction, after a grace time.'),
  catalogue_memory_bytes_max: Type.Integer({
    minimum: 0,
    maximum: 17_179_869_184,
    default: 67_108_864,
    description: 'Most bytes of answers of the catalogue that are kept for a second; 0 keeps none.',
  }),
  upstream_connections_max: count(10_000, 512, 'Most connections to one instance; a request that waits for its checkout to end holds one.'),
  upstream_waiting_max: count(100_000, 1_024, 'Most requests waiting for a connection to one instance; beyond it 503.'),
  upstream_connect_timeout_ms: milliseconds(10, 60_000, 2_000, 'Longest time to connect to an instance'),
  route_timeout_ms: milliseconds(10, 600_000, 10_000, 'Longest wait for the answer of a route that does not say more'),
  stall_timeout_ms: milliseconds(100, 600_000, 30_000, 'Longest time without progress of a body in either direction'),
  breaker_failures_max: count(1_000, 5, 'Failures in a row that open the breaker of a service.'),
  breaker_open_ms: milliseconds(10, 600_000, 5_000, 'How long an open breaker refuses before it lets a probe through'),
  aggregation_part_timeout_ms: milliseconds(10, 60_000, 1_500, 'Longest wait for the customer and the products of an order'),
});
export type GatewayConfig = Readonly<Static<typeof GatewayConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadGatewayConfig(): GatewayConfig {
  return loadProcessConfig('gateway', GatewayConfig, process.env);
}

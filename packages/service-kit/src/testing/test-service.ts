/** A real service for a test: own database, own broker, free port, tokens signed by a key made for the test. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ServiceName } from '@souk/contracts';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { type Broker, embeddedBrokerMigrations, openEmbeddedBroker } from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { type FreshDatabase, freshDatabase, plannedDatabase } from '@souk/postgres/testing';
import type { TObject } from 'typebox';
import { loadConfig } from '../config/load-config.ts';
import type { PlatformConfig } from '../config/platform-fields.ts';
import type { InspectAnswer } from '../http/http-edge.ts';
import type { Service } from '../service/build-service.ts';
import type { Overrides } from '../service/context.ts';
import { createTestKeys, type TestKeys, type TokenOptions } from './test-keys.ts';

export interface TestBroker {
  broker: Broker;
  close(): Promise<void>;
}

/** An embedded broker on a database of its own. */
export async function testBroker(): Promise<TestBroker> {
  const database = await freshDatabase({ folders: [embeddedBrokerMigrations] });
  const broker = openEmbeddedBroker({ url: database.url, log: silentLog, clock: systemClock, ids: systemIds });
  return {
    broker,
    async close() {
      await broker.close();
      await database.drop();
    },
  };
}

/** A configuration for tests: free port, silent log, nothing registered anywhere. `values` are snake_case members. */
export function testConfig<Config extends PlatformConfig>(
  name: ServiceName,
  schema: TObject,
  values: Partial<Config> & { database_url: string },
): Config {
  const defaults = {
    port: 0,
    internal_token: randomBytes(32).toString('hex'),
    gateway_url: '',
    log_level: 'silent',
    shutdown_timeout_ms: 5_000,
  };
  const env = Object.entries({ ...defaults, ...values }).map(([member, value]) => [member.toUpperCase(), String(value)] as const);
  return loadConfig(name, schema, Object.fromEntries(env)) as unknown as Config;
}

export interface TestServiceOptions<Config extends PlatformConfig> {
  name: ServiceName;
  /** The service's configuration schema. */
  schema: TObject;
  config?: Partial<Config>;
  overrides?: Partial<Overrides>;
  /** PostgreSQL extensions its migrations need. */
  extensions?: readonly string[];
  /** Keys shared by several services; default new ones. */
  keys?: TestKeys;
}

export interface TestService<S> {
  service: S;
  url: string;
  keys: TestKeys;
  broker: Broker;
  database: FreshDatabase;
  /** Bearer token of the internal routes of this service. */
  internal_token: string;
  /** What all credentials of the installation are derived from. */
  installation_token: string;
  tokenFor(options?: TokenOptions): Promise<string>;
  /** Stops the service and removes its databases; fails when an answer lacked what its handler gave. */
  stop(): Promise<void>;
}

/** Builds and starts a service with `build(config, overrides)`; call `stop()` in an `after` hook. */
export async function testService<Config extends PlatformConfig, S extends Pick<Service, 'start' | 'stop' | 'url'>>(
  build: (config: Config, overrides: Overrides) => S,
  options: TestServiceOptions<Config>,
): Promise<TestService<S>> {
  const database = await plannedDatabase();
  const own = options.overrides?.broker ? undefined : await testBroker();
  const broker = options.overrides?.broker ?? (own as TestBroker).broker;
  const keys = options.keys ?? (await createTestKeys());
  const config = testConfig<Config>(options.name, options.schema, { ...options.config, database_url: database.url } as Partial<Config> & {
    database_url: string;
  });
  const answers = inspectAnswers();
  const inspectAnswer = answers.inspect;
  const service = build(config, { log: silentLog, fetchKeys: async () => keys.key_set, inspectAnswer, ...options.overrides, broker });
  // A copy of what was migrated once: its start then finds nothing to do.
  if (isMigrated(service)) await database.create({ folders: service.migrations, extensions: options.extensions ?? [] });
  await service.start();
  // What is published before the broker has been joined leaves with a later sweep of the outbox, seconds after everything else.
  if (own && isMessaging(service))
    await until(() => (service.messaging.health().consumers.every(({ attached }) => attached) ? undefined : 'joining the broker'));
  return {
    service,
    url: service.url,
    keys,
    broker,
    database,
    internal_token: platformKeys(config.internal_token).internalToken(options.name),
    installation_token: config.internal_token,
    tokenFor: (token) => keys.tokenFor(token),
    async stop() {
      await service.stop();
      await own?.close();
      await database.drop();
      answers.assertWhole();
    },
  };
}

function isMigrated(service: object): service is Pick<Service, 'migrations'> {
  return 'migrations' in service;
}

function isMessaging(service: object): service is Pick<Service, 'messaging'> {
  return 'messaging' in service;
}

/** Compares what handlers gave with what was sent of it: the serialiser drops what a route does not declare. */
function inspectAnswers(): { inspect: InspectAnswer; assertWhole(): void } {
  const lacking = new Map<string, { given: unknown; sent: unknown }>();
  return {
    inspect({ method, path }, status, body, text) {
      const given = JSON.parse(JSON.stringify(body));
      const sent = JSON.parse(text);
      if (!isDeepStrictEqual(given, sent)) lacking.set(`${method} ${path} ${status}`, { given, sent });
    },
    assertWhole: () => assert.deepEqual(Object.fromEntries(lacking), {}, 'answers that differ from what their handlers gave'),
  };
}

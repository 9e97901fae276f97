/**
 * What the services stand on: PostgreSQL, RabbitMQ and Redis. Each is the one that is named by a URL, of which nothing but its
 * address is used, or else a local one with its data in the home of the platform.
 */
import { join } from 'node:path';
import { type DataServiceName, dataServices, refusal } from '@souk/contracts';
import type { Log } from '@souk/kernel';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { type LocalRabbitMq, startLocalRabbitMq } from '@souk/local-servers/rabbitmq';
import { startLocalRedis } from '@souk/local-servers/redis';
import type { ServerAddresses } from '../plan/processes.ts';
import { ensureDatabases } from './databases.ts';
import { needPrograms, rabbitProgram, redisProgram } from './programs.ts';

export interface Place {
  name: string;
  where: string;
  note: string;
}

export interface Servers extends ServerAddresses {
  /** For people: what is where. Without passwords. */
  places: Place[];
  /** Of the local PostgreSQL. */
  postgres_port: number | null;
  /** The RabbitMQ that was started here, to be killed and started again; undefined where one was given. */
  broker: Pick<LocalRabbitMq, 'kill' | 'start'> | undefined;
  /** Stops what was started here: the brokers, then PostgreSQL. */
  stop(): Promise<void>;
}

export interface ServersOptions {
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  /** Most connections that all processes together open. */
  connections_max: number;
  progress(sentence: string): void;
}

interface Part<T> extends Place {
  value: T;
  stop(): Promise<void>;
}

interface Databases {
  urls: Record<DataServiceName, string>;
  /** Of the local server. */
  port: number | null;
}

interface RabbitMq {
  url: string;
  /** Where it was started here. */
  server: LocalRabbitMq | undefined;
}

const postgresName = 'PostgreSQL';
const rabbitName = 'RabbitMQ';
const nothing = async (): Promise<void> => undefined;

/** Starts them. What is missing on this machine, and wrong URLs, are refused before anything is started. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const given = givenUrls(options.env);
  const redisPath = await needed(given, options.env['PATH'] ?? '');
  const opened: Part<unknown>[] = [];
  const open = async <T>(part: Promise<Part<T>>): Promise<Part<T>> => {
    const value = await part;
    opened.push(value);
    return value;
  };
  const stop = async (): Promise<void> => {
    const [brokers, stores] = [opened.filter(({ name }) => name !== postgresName), opened.filter(({ name }) => name === postgresName)];
    opened.length = 0;
    await Promise.all(brokers.map((part) => part.stop()));
    for (const store of stores) await store.stop();
  };
  try {
    options.progress('starting PostgreSQL, RabbitMQ and Redis');
    // All are waited for, so that none is left half started when another fails.
    const started = await Promise.allSettled([
      open(databases(options, given.databases)),
      open(given.amqp ? givenRabbitMq(given.amqp) : localRabbitMq(options)),
      open(given.redis ? foreign('Redis', given.redis) : localRedis(options, redisPath)),
    ]);
    const [postgres, rabbit, redis] = started.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    }) as [Part<Databases>, Part<RabbitMq>, Part<string>];
    return {
      database_urls: postgres.value.urls,
      amqp_url: rabbit.value.url,
      broker: rabbit.value.server,
      redis_url: redis.value,
      postgres_port: postgres.value.port,
      places: [postgres, rabbit, redis].map(({ name, where, note }) => ({ name, where, note })),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface GivenUrls {
  amqp: string | undefined;
  redis: string | undefined;
  databases: Partial<Record<DataServiceName, string>>;
}

/** The path of Redis, if it is needed. Refuses when a program that is needed is missing. */
async function needed(given: GivenUrls, path: string): Promise<string | undefined> {
  const wanted = [...(given.redis ? [] : [redisProgram]), ...(given.amqp ? [] : [rabbitProgram])];
  const [first] = await needPrograms(wanted, path);
  return given.redis ? undefined : first;
}

interface UrlForm {
  protocols: readonly string[];
  example: string;
}

const amqpForm: UrlForm = { protocols: ['amqp:', 'amqps:'], example: 'amqp://user:password@host:5672/vhost' };
const redisForm: UrlForm = { protocols: ['redis:', 'rediss:'], example: 'redis://:password@host:6379' };
const postgresForm: UrlForm = { protocols: ['postgres:', 'postgresql:'], example: 'postgres://user:password@host:5432/database' };

function givenUrls(env: ServersOptions['env']): GivenUrls {
  const problems: string[] = [];
  const read = (variable: string, form: UrlForm): string | undefined => {
    const text = env[variable] || undefined;
    const texts = form === amqpForm ? text?.split(',') : text && [text];
    const isRight = (texts || []).every((url) => URL.canParse(url) && form.protocols.includes(new URL(url).protocol));
    if (!isRight) problems.push(`${variable} is not an address such as ${form.example}`);
    return text;
  };
  const amqp = read('AMQP_URL', amqpForm);
  const redis = read('REDIS_URL', redisForm);
  const databases = Object.fromEntries(
    dataServices.flatMap((name) => {
      const url = read(`${name.toUpperCase()}_DATABASE_URL`, postgresForm);
      return url === undefined ? [] : [[name, url]];
    }),
  );
  if (problems.length > 0) throw refusal('config_invalid', problems.join('\n      '));
  return { amqp, redis, databases };
}

async function databases({ home, log, connections_max }: ServersOptions, given: GivenUrls['databases']): Promise<Part<Databases>> {
  const own = dataServices.filter((name) => given[name] === undefined);
  if (own.length === 0) {
    const where = [...new Set(Object.values(given).map(placeOf))].join(', ');
    return {
      name: postgresName,
      where,
      note: 'as given',
      value: { urls: given as Record<DataServiceName, string>, port: null },
      stop: nothing,
    };
  }
  const postgres = await startEmbeddedPostgres({ home, log, settings: { max_connections: String(connections_max) } });
  try {
    const urls = await ensureDatabases(home, postgres, own);
    const note = own.length === dataServices.length ? `local, in ${home}` : `local, for ${own.join(', ')}; the others as given`;
    const value = { urls: { ...urls, ...given } as Record<DataServiceName, string>, port: postgres.port };
    return { name: postgresName, where: `127.0.0.1:${postgres.port}`, note, value, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function foreign(name: string, url: string): Promise<Part<string>> {
  return { name, where: placeOf(url), note: 'as given', value: url, stop: nothing };
}

async function givenRabbitMq(url: string): Promise<Part<RabbitMq>> {
  return { ...(await foreign(rabbitName, url)), value: { url, server: undefined } };
}

async function localRabbitMq({ home, env, log }: ServersOptions): Promise<Part<RabbitMq>> {
  const folder = join(home, 'rabbitmq');
  const server = await startLocalRabbitMq({ folder, log, environment: env, revive: true });
  return { ...local(rabbitName, folder, server.url, () => server.close()), value: { url: server.url, server } };
}

async function localRedis({ home, log }: ServersOptions, program = ''): Promise<Part<string>> {
  const folder = join(home, 'redis');
  const server = await startLocalRedis({ folder, log, appendonly: true, revive: true, program });
  return local('Redis', folder, server.url, () => server.stop());
}

function local(name: string, folder: string, url: string, stop: () => Promise<void>): Part<string> {
  return { name, where: placeOf(url), note: `local, in ${folder}`, value: url, stop };
}

/** Host and port of a URL, never what stands before them. */
function placeOf(url: string): string {
  return new URL(url).host;
}

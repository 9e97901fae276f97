/**
 * What the services stand on: PostgreSQL, RabbitMQ and Redis. Each is the one that is named by a URL, of which nothing but its
 * address is used, or else a private one with its data in the home of the platform.
 */
import { join } from 'node:path';
import { extensionsOf } from '@souk/constellation';
import { refusal } from '@souk/contracts';
import { type Log, mapBounded } from '@souk/kernel';
import { startEmbeddedPostgres } from '@souk/postgres/embedded';
import { type Keeper, keepers, type Surroundings } from './plan.ts';
import { openPrivateRabbit, openPrivateRedis, type PrivateBroker, type PrivateBrokerOptions } from './private-brokers.ts';
import { needPrograms, rabbitProgram, redisProgram } from './programs.ts';

export interface Place {
  name: string;
  where: string;
  note: string;
}

export interface DistributedWorld extends Surroundings {
  /** For people: what is where. Without passwords. */
  places: Place[];
  /** Of the private PostgreSQL. */
  postgres_port: number | null;
  /** Stops what was started here: the brokers, then PostgreSQL. */
  stop(): Promise<void>;
}

export interface DistributedWorldOptions {
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
  urls: Record<Keeper, string>;
  /** Of the private server. */
  port: number | null;
}

const databasesAtOnce = 3;
const postgresName = 'PostgreSQL';
const nothing = async (): Promise<void> => undefined;

/** Opens it. What is missing on this machine, and wrong URLs, are refused before anything is started. */
export async function openDistributedWorld(options: DistributedWorldOptions): Promise<DistributedWorld> {
  const { home, env } = options;
  const given = givenUrls(env);
  const [rabbitPlace = '', redisPlace = ''] = await needed(given, env['PATH'] ?? '');
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
      open(
        given.amqp
          ? foreign('RabbitMQ', given.amqp)
          : ownBroker('RabbitMQ', openPrivateRabbit, { folder: join(home, 'rabbitmq'), program: rabbitPlace, env, log: options.log }),
      ),
      open(
        given.redis
          ? foreign('Redis', given.redis)
          : ownBroker('Redis', openPrivateRedis, { folder: join(home, 'redis'), program: redisPlace, env, log: options.log }),
      ),
    ]);
    const [postgres, rabbit, redis] = started.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    }) as [Part<Databases>, Part<string>, Part<string>];
    return {
      database_urls: postgres.value.urls,
      amqp_url: rabbit.value,
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
  databases: Partial<Record<Keeper, string>>;
}

/** The places of the programs for RabbitMQ and Redis; undefined where a URL is given. */
async function needed(given: GivenUrls, path: string): Promise<(string | undefined)[]> {
  const wanted = [...(given.amqp ? [] : [rabbitProgram]), ...(given.redis ? [] : [redisProgram])];
  const places = await needPrograms(wanted, path);
  return [rabbitProgram, redisProgram].map((program) => places[wanted.indexOf(program)]);
}

interface UrlForm {
  protocols: readonly string[];
  example: string;
}

const amqpForm: UrlForm = { protocols: ['amqp:', 'amqps:'], example: 'amqp://user:password@host:5672/vhost' };
const redisForm: UrlForm = { protocols: ['redis:', 'rediss:'], example: 'redis://:password@host:6379' };
const postgresForm: UrlForm = { protocols: ['postgres:', 'postgresql:'], example: 'postgres://user:password@host:5432/database' };

function givenUrls(env: DistributedWorldOptions['env']): GivenUrls {
  const problems: string[] = [];
  const read = (variable: string, form: UrlForm): string | undefined => {
    const text = env[variable] || undefined;
    const isRight = text === undefined || (URL.canParse(text) && form.protocols.includes(new URL(text).protocol));
    if (!isRight) problems.push(`${variable} is not an address such as ${form.example}`);
    return text;
  };
  const amqp = read('AMQP_URL', amqpForm);
  const redis = read('REDIS_URL', redisForm);
  const databases = Object.fromEntries(
    keepers.flatMap((name) => {
      const url = read(`${name.toUpperCase()}_DATABASE_URL`, postgresForm);
      return url === undefined ? [] : [[name, url]];
    }),
  );
  if (problems.length > 0) throw refusal('config_invalid', problems.join('\n      '));
  return { amqp, redis, databases };
}

async function databases({ home, log, connections_max }: DistributedWorldOptions, given: GivenUrls['databases']): Promise<Part<Databases>> {
  const own = keepers.filter((name) => given[name] === undefined);
  if (own.length === 0) {
    const where = [...new Set(Object.values(given).map(placeOf))].join(', ');
    return { name: postgresName, where, note: 'as given', value: { urls: given as Record<Keeper, string>, port: null }, stop: nothing };
  }
  const postgres = await startEmbeddedPostgres({ home, log, settings: { max_connections: String(connections_max) } });
  try {
    const urls = await mapBounded(
      own,
      databasesAtOnce,
      async (name) => [name, await postgres.ensureDatabase(name, { extensions: extensionsOf(name) })] as const,
    );
    const note = own.length === keepers.length ? `private, in ${home}` : `private, for ${own.join(', ')}; the others as given`;
    const value = { urls: { ...Object.fromEntries(urls), ...given } as Record<Keeper, string>, port: postgres.port };
    return { name: postgresName, where: `127.0.0.1:${postgres.port}`, note, value, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function foreign(name: string, url: string): Promise<Part<string>> {
  return { name, where: placeOf(url), note: 'as given', value: url, stop: nothing };
}

async function ownBroker(
  name: string,
  open: (options: PrivateBrokerOptions) => Promise<PrivateBroker>,
  options: PrivateBrokerOptions,
): Promise<Part<string>> {
  const { url, stop } = await open(options);
  return { name, where: placeOf(url), note: `private, in ${options.folder}`, value: url, stop };
}

/** Host and port of a URL, never what stands before them. */
function placeOf(url: string): string {
  return new URL(url).host;
}

/** The address of a Redis, taken apart once, so that nothing behind it ever holds or prints the whole URL with its password. */
import { AppError } from '@souk/kernel';

export interface RedisAddress {
  host: string;
  port: number;
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
  database: number;
  /** For logs: `host:port/database`, without credentials. */
  shown: string;
}

const defaultPort = 6_379;
const databaseMax = 65_535;

/** Takes `redis[s]://[[user]:password@]host[:port][/database]` apart. Refuses anything else with `config_invalid`, without repeating it. */
export function parseRedisUrl(url: string): RedisAddress {
  // URL.parse does not throw: the error of the constructor carries its input, and with it the password.
  const parsed = URL.parse(url);
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '') throw invalid();
  const path = /^\/?(\d{0,5})$/.exec(parsed.pathname);
  const database = Number(path?.[1] ?? Number.NaN);
  if (Number.isNaN(database) || database > databaseMax) throw invalid();
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = parsed.port === '' ? defaultPort : Number(parsed.port);
  return {
    host,
    port,
    tls: parsed.protocol === 'rediss:',
    username: decoded(parsed.username),
    password: decoded(parsed.password),
    database,
    shown: `${parsed.hostname}:${port}/${database}`,
  };
}

function decoded(part: string): string | undefined {
  try {
    return part === '' ? undefined : decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) throw invalid();
    throw error;
  }
}

function invalid(): AppError {
  return new AppError('config_invalid', 'REDIS_URL is not of the form redis[s]://[[user]:password@]host[:port][/database].');
}

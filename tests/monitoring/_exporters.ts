/** The exporters of PostgreSQL and Redis as Debian packs them, on free ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { until } from '@souk/platform/testing';
import { findProgram } from './_prometheus.ts';

export interface Exporter {
  /** For Prometheus. */
  address: string;
  stop(): Promise<void>;
}

/** Undefined where it is not installed. */
export async function startPostgresExporter(url: string): Promise<Exporter | undefined> {
  return start('prometheus-postgres-exporter', (address) => [`--web.listen-address=${address}`], {
    DATA_SOURCE_NAME: `${url}?sslmode=disable`,
  });
}

/** Undefined where it is not installed. */
export async function startRedisExporter(redis_url: string): Promise<Exporter | undefined> {
  const { host, password } = new URL(redis_url);
  return start('prometheus-redis-exporter', (address) => [`-web.listen-address=${address}`], {
    REDIS_ADDR: `redis://${host}`,
    REDIS_PASSWORD: decodeURIComponent(password),
  });
}

async function start(name: string, settings: (address: string) => string[], env: Record<string, string>): Promise<Exporter | undefined> {
  const program = await findProgram(name);
  if (program === undefined) return undefined;
  const address = `127.0.0.1:${required((await findFreePorts(1))[0], 'a free port')}`;
  const child = spawn(program, settings(address), { env: { ...process.env, ...env }, stdio: 'ignore' });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    return (await fetch(`http://${address}/metrics`).catch(() => undefined))?.ok ? undefined : `${name} does not answer`;
  });
  return { address, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/**
 * The yardstick: what `pgbench -N -M prepared -s 10 -j 2` reaches on the same PostgreSQL at its best concurrency. Where
 * pgbench is installed it is used; elsewhere a small client of our own makes the same transactions (an update, a
 * select and an insert), and the output says so.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLog } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import type { BenchPlatform } from './platform.ts';

export interface YardstickFigures {
  by: 'pgbench' | 'own client';
  clients: number;
  per_second: number;
}

const run = promisify(execFile);
const scale = 10;
const accountsPerBranch = 100_000;
const concurrencies = [8, 16, 32, 64];
const shortRunSeconds = 5;

export async function measureYardstick(platform: BenchPlatform, seconds: number): Promise<YardstickFigures> {
  const url = await superuserUrl(platform);
  const server = openDatabase({ url, application_name: 'souk-bench', pool_max: 2, log: silentLog });
  await server.query('create database yardstick');
  const target = new URL(url);
  target.pathname = '/yardstick';
  try {
    return (await hasPgbench()) ? await byPgbench(target.href, seconds) : await byOwnClient(target.href, seconds);
  } finally {
    await server.query('drop database yardstick with (force)');
    await server.close();
  }
}

async function superuserUrl({ home, postgres_port }: BenchPlatform): Promise<string> {
  const password = (await readFile(join(home, 'secrets', 'postgres-postgres'), 'utf8')).trim();
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${postgres_port}/postgres`;
}

async function hasPgbench(): Promise<boolean> {
  try {
    await run('pgbench', ['--version']);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function byPgbench(url: string, seconds: number): Promise<YardstickFigures> {
  await run('pgbench', ['-i', '-q', '-s', String(scale), url]);
  const measure = async (clients: number, time: number): Promise<number> => {
    const { stdout } = await run('pgbench', ['-N', '-M', 'prepared', '-j', '2', '-c', String(clients), '-T', String(time), '-n', url]);
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? 0);
  };
  return bestOf('pgbench', measure, seconds);
}

async function byOwnClient(url: string, seconds: number): Promise<YardstickFigures> {
  const db = openDatabase({ url, application_name: 'yardstick', pool_max: Math.max(...concurrencies), log: silentLog });
  try {
    await db.query('create table accounts (aid int primary key, bid int, abalance int, filler char(84)) with (fillfactor = 100)');
    await db.query('create table history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))');
    await db.query('insert into accounts select i, 1 + i / $1::int, 0, $2 from generate_series(1, $3::int) i', [
      accountsPerBranch,
      '',
      scale * accountsPerBranch,
    ]);
    await db.query('vacuum analyze accounts');
    return await bestOf('own client', (clients, time) => ownTransactions(db, clients, time), seconds);
  } finally {
    await db.close();
  }
}

async function ownTransactions(db: Database, clients: number, seconds: number): Promise<number> {
  const ends = performance.now() + seconds * 1_000;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < ends) {
      const aid = 1 + Math.floor(Math.random() * scale * accountsPerBranch);
      const delta = Math.floor(Math.random() * 10_000) - 5_000;
      await db.transaction(async (tx) => {
        await tx.query('update accounts set abalance = abalance + $1 where aid = $2', [delta, aid]);
        await tx.query('select abalance from accounts where aid = $1', [aid]);
        await tx.query('insert into history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)', [1, 1, aid, delta]);
      });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, lane));
  return done / seconds;
}

/** Short runs find the best concurrency; a full one at that is the yardstick. */
async function bestOf(
  by: YardstickFigures['by'],
  measure: (clients: number, seconds: number) => Promise<number>,
  seconds: number,
): Promise<YardstickFigures> {
  let best = { clients: 0, per_second: 0 };
  for (const clients of concurrencies) {
    const per_second = await measure(clients, shortRunSeconds);
    if (per_second > best.per_second) best = { clients, per_second };
  }
  return { by, clients: best.clients, per_second: await measure(best.clients, seconds) };
}

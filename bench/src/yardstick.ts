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

export interface Yardstick {
  by: 'pgbench' | 'own client';
  /** How many at once do most. */
  clients: number;
  /** Transactions a second; leaves the server as idle as it was. */
  measure(seconds: number): Promise<number>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const scale = 10;
const accountsPerBranch = 100_000;
const concurrencies = [8, 16, 32, 64];
const shortRunSeconds = 5;

/** Makes its database and finds the best concurrency by short runs. */
export async function openYardstick(platform: BenchPlatform): Promise<Yardstick> {
  const url = await superuserUrl(platform);
  const server = openDatabase({ url, application_name: 'souk-bench', pool_max: 2, log: silentLog });
  await server.query('create database yardstick');
  const target = new URL(url);
  target.pathname = '/yardstick';
  const db = openDatabase({ url: target.href, application_name: 'yardstick', pool_max: Math.max(...concurrencies), log: silentLog });
  const close = async (): Promise<void> => {
    await db.close();
    await server.query('drop database yardstick with (force)');
    await server.close();
  };
  try {
    const by = (await hasPgbench()) ? 'pgbench' : 'own client';
    const make = by === 'pgbench' ? await byPgbench(target.href) : await byOwnClient(db);
    const measure = async (clients: number, seconds: number): Promise<number> => {
      const per_second = await make(clients, seconds);
      // What it leaves behind would otherwise be cleaned up while something else is measured.
      await db.query('vacuum');
      await db.query('checkpoint');
      return per_second;
    };
    const clients = await bestConcurrency(measure);
    return { by, clients, measure: (seconds) => measure(clients, seconds), close };
  } catch (error) {
    await close();
    throw error;
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

type Make = (clients: number, seconds: number) => Promise<number>;

async function byPgbench(url: string): Promise<Make> {
  await run('pgbench', ['-i', '-q', '-s', String(scale), url]);
  return async (clients, seconds) => {
    const { stdout } = await run('pgbench', ['-N', '-M', 'prepared', '-j', '2', '-c', String(clients), '-T', String(seconds), '-n', url]);
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? 0);
  };
}

async function byOwnClient(db: Database): Promise<Make> {
  await db.query('create table accounts (aid int primary key, bid int, abalance int, filler char(84)) with (fillfactor = 100)');
  await db.query('create table history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))');
  await db.query('insert into accounts select i, 1 + i / $1::int, 0, $2 from generate_series(1, $3::int) i', [
    accountsPerBranch,
    '',
    scale * accountsPerBranch,
  ]);
  await db.query('vacuum analyze accounts');
  return (clients, seconds) => ownTransactions(db, clients, seconds);
}

async function ownTransactions(db: Database, clients: number, seconds: number): Promise<number> {
  const ends = performance.now() + seconds * 1_000;
  let done = 0;
  const client = async (): Promise<void> => {
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
  await Promise.all(Array.from({ length: clients }, client));
  return done / seconds;
}

async function bestConcurrency(measure: Make): Promise<number> {
  let best = { clients: concurrencies[0] as number, per_second: 0 };
  for (const clients of concurrencies) {
    const per_second = await measure(clients, shortRunSeconds);
    if (per_second > best.per_second) best = { clients, per_second };
  }
  return best.clients;
}

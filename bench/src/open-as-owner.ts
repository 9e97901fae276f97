/** A database of a shop that is measured, with all rights: for rows that are made by SQL. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLog } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import type { BenchPlatform } from './platform.ts';

const statementMs = 600_000;

export async function openAsOwner({ home, postgres_port }: BenchPlatform, name: string): Promise<Database> {
  const password = (await readFile(join(home, 'secrets', 'postgres-postgres'), 'utf8')).trim();
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${postgres_port}/${name}`;
  return openDatabase({ url, application_name: 'souk-bench', pool_max: 1, log: silentLog, statement_timeout_ms: statementMs });
}

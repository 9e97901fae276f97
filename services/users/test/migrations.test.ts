import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { emailKey, silentLog } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { usernameKey } from '../src/domain/login-name.ts';
import { usersMigrations } from '../src/service.ts';

async function apply(db: Database, name: string): Promise<void> {
  const text = await readFile(new URL(name, usersMigrations), 'utf8');
  for (const statement of text.split(/;\s*$/m)) if (statement.trim() !== '') await db.query(statement);
}

it('accounts from before have the keys of their names; of look-alikes the oldest keeps the address', async (t) => {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url, application_name: 'migrations', pool_max: 1, log: silentLog });
  t.after(async () => {
    await db.close();
    await database.drop();
  });
  await apply(db, '0001_users.sql');
  const people = [
    ['Nora', 'Nora@Mail.example', null],
    ['nora2', 'jos\u00e9@mail.example', null],
    ['nora3', 'jose\u0301@mail.example', null],
    ['nora4', 'no\u200bra@mail.example', null],
    ['nora5', 'ｎora@mail.example', '2026-01-01'],
  ] as const;
  const ids: string[] = [];
  for (const [index, [username, email, erased_at]] of people.entries()) {
    const id = `0190a000-0000-7000-8000-00000000000${index}`;
    ids.push(id);
    await db.query(
      `insert into accounts (id, username, email, full_name, role, email_verified, password_hash, version, erased_at, created_at, updated_at)
       values ($1, $2, $3, 'Nora', 'customer', true, '!', 1, $4, now(), now())`,
      [id, username, email, erased_at],
    );
  }
  await apply(db, '0002_account_security.sql');
  const rows = await db.query<{ username_key: string; email_key: string }>('select username_key, email_key from accounts order by id');
  assert.deepEqual(
    rows.map(({ username_key }) => username_key),
    people.map(([username]) => usernameKey(username)),
  );
  const keys = people.map(([, email]) => emailKey(email));
  assert.deepEqual(
    rows.map(({ email_key }) => email_key),
    [keys[0], keys[1], `${keys[2]}#${ids[2]}`, `${keys[3]}#${ids[3]}`, keys[4]],
  );
});

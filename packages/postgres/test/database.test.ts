import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError } from '@souk/kernel';
import { until } from '@souk/local-servers/testing';
import { sqlState, violatedConstraint } from '@souk/postgres';
import { type FreshDatabase, freshDatabase } from '@souk/postgres/testing';
import { countingProxy, openTestDatabase } from './_support.ts';

let fresh: FreshDatabase;
before(async () => {
  fresh = await freshDatabase();
});
after(() => fresh.drop());

test('columns arrive as the values that are promised', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  const [row] = await db.query<Record<string, unknown>>(
    `select 9007199254740991::int8 as amount, array[1, null, 3]::int8[] as amounts, 1.50::numeric as rate, array[1.5]::numeric[] as rates,
      '2026-02-03 04:05:06.789123+02'::timestamptz as moment, '2026-02-03 04:05:06+00'::timestamptz as whole,
      array['2026-02-03 04:05:06.7+00'::timestamptz] as moments, 'infinity'::timestamptz as ever, '2026-02-03'::date as day, '{"a": [1]}'::jsonb as document`,
  );
  assert.deepEqual(row, {
    amount: Number.MAX_SAFE_INTEGER,
    amounts: [1, null, 3],
    rate: '1.50',
    rates: ['1.5'],
    moment: '2026-02-03T02:05:06.789Z',
    whole: '2026-02-03T04:05:06.000Z',
    moments: ['2026-02-03T04:05:06.700Z'],
    ever: 'infinity',
    day: '2026-02-03',
    document: { a: [1] },
  });
});

test('an int8 that no number holds exactly is refused, not rounded', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await assert.rejects(db.query('select 9007199254740993::int8 as amount'), /does not fit a number/);
  assert.deepEqual(await db.query('select 1 as one'), [{ one: 1 }]);
});

test('a refusal tells its SQLSTATE and constraint, also from within a cause, and costs no connection', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await db.query('create table accounts (email text constraint accounts_email_unique unique)');
  await db.query('insert into accounts values ($1)', ['a@example.org']);
  const error = await db.query('insert into accounts values ($1)', ['a@example.org']).catch((refusal: unknown) => refusal);
  assert.equal(sqlState(error), '23505');
  assert.equal(violatedConstraint(new AppError('email_taken', 'Taken.', {}, error)), 'accounts_email_unique');
  assert.equal(sqlState(new Error('something else')), undefined);
  assert.deepEqual(db.pool(), { total: 1, idle: 1, waiting: 0 });
});

test('a database that is away is a passing failure', async (t) => {
  const db = openTestDatabase(t, 'postgres://nobody:none@127.0.0.1:1/none');
  await assert.rejects(db.ping(), { code: 'database_unavailable' });
  await assert.rejects(
    db.transaction((tx) => tx.query('select 1')),
    { code: 'database_unavailable' },
  );
});

test('a statement that takes too long is ended and reported as a passing failure', async (t) => {
  const db = openTestDatabase(t, fresh.url, { statement_timeout_ms: 30 });
  await assert.rejects(db.query('select pg_sleep(5)'), { code: 'database_unavailable' });
  await db.ping();
});

test('a network that goes silent ends the wait for an answer', async (t) => {
  const proxy = await countingProxy(t, fresh.url);
  const db = openTestDatabase(t, proxy.url, { statement_timeout_ms: 50, pool_max: 1 });
  await db.ping();
  proxy.silence();
  await assert.rejects(db.query('select 1'), { code: 'database_unavailable' });
  assert.equal(db.pool().total, 0);
});

test('who waits too long for a connection is refused, and so is one too many', async (t) => {
  // The limit holds for its own connection, too, which a busy machine takes its time to make.
  const db = openTestDatabase(t, fresh.url, { pool_max: 1, waiting_max: 1, connect_timeout_ms: 1_000 });
  await db.transaction(async (tx) => {
    await tx.query('select 1');
    const waiting = assert.rejects(db.query('select 2'), { code: 'database_unavailable' });
    await assert.rejects(db.query('select 3'), { code: 'overloaded' });
    await waiting;
  });
});

test('unused connections are closed after a while', async (t) => {
  const db = openTestDatabase(t, fresh.url, { idle_timeout_ms: 20 });
  await Promise.all([db.ping(), db.ping(), db.ping()]);
  await until('the pool is empty', () => db.pool().total === 0);
  await db.ping();
});

test('a statement prepared before a change of the schema works after it', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 2 });
  await db.query('create table shelves (id int)');
  await db.query('insert into shelves values (1)');
  await Promise.all([db.query('select * from shelves'), db.query('select * from shelves')]);
  await db.query('alter table shelves add column room text');
  assert.deepEqual(await db.query('select * from shelves'), [{ id: 1, room: null }]);
  await db.query('alter table shelves drop column room');
  assert.deepEqual(await db.transaction((tx) => tx.query('select * from shelves')), [{ id: 1 }]);
});

test('a server that ends all connections is forgotten at the next request', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  const superuser = openTestDatabase(t, fresh.superuser_url);
  await Promise.all([db.ping(), db.ping()]);
  await superuser.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await until('the dead connections are gone', () => db.pool().total === 0);
  await db.ping();
});

test('a server that only reads any more counts as away, and its connection is not used again', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await db.query('create table written (id int)');
  await db.query('set default_transaction_read_only = on');
  await assert.rejects(db.query('insert into written values (1)'), { code: 'database_unavailable' });
  await db.query('insert into written values (2)');
  await db.query('set default_transaction_read_only = on');
  await assert.rejects(
    db.transaction((tx) => tx.query('insert into written values (3)')),
    { code: 'database_unavailable' },
  );
  await db.transaction((tx) => tx.query('insert into written values (4)'));
  assert.deepEqual(await db.query('select id from written'), [{ id: 2 }, { id: 4 }]);
});

test('a notification reaches each listener of its channel only', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  const received: string[] = [];
  const stopFirst = await db.listen('Stock', (payload) => received.push(`first ${payload}`));
  await db.listen('Stock', (payload) => received.push(`second ${payload}`));
  await db.listen('other', (payload) => received.push(`other ${payload}`));
  await db.query(`select pg_notify('Stock', 'a')`);
  await until('both received it', () => received.length === 2);
  await stopFirst();
  await db.query(`select pg_notify('Stock', 'b')`);
  await until('the second received it', () => received.length === 3);
  assert.deepEqual(received, ['first a', 'second a', 'second b']);
});

test('a listener whose connection is cut hears again, and is told that it may have missed something', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  const superuser = openTestDatabase(t, fresh.superuser_url);
  const received: string[] = [];
  await db.listen('stock', (payload) => received.push(payload));
  await superuser.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'souk test listener' and query ilike 'listen%'`,
  );
  await until('it reconnected', () => received.includes(''));
  await db.query(`select pg_notify('stock', 'after')`);
  await until('it receives again', () => received.includes('after'));
});

test('closing waits for what is under way', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  const slow = db.query('select pg_sleep(0.05), 1 as one');
  await until('the connection is open', () => db.pool().total === 1);
  await db.close();
  assert.equal((await slow).length, 1);
  await assert.rejects(db.ping(), { code: 'database_unavailable' });
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '@souk/local-servers/testing';
import { type Database, sqlState, violatedConstraint } from '@souk/postgres';
import { type FreshDatabase, freshDatabase } from '@souk/postgres/testing';
import { countingProxy, openTestDatabase } from './_support.ts';

let fresh: FreshDatabase;
before(async () => {
  fresh = await freshDatabase();
});
after(() => fresh.drop());

async function withStock(db: Database): Promise<void> {
  await db.query('create table if not exists stock (id int primary key, quantity int constraint stock_not_negative check (quantity >= 0))');
  await db.query('truncate stock');
  await db.query('insert into stock values (1, 10), (2, 10)');
}

const quantities = async (db: Database): Promise<number[]> =>
  (await db.query<{ quantity: number }>('select quantity from stock order by id')).map((row) => row.quantity);

test('load, save and commit are two round trips; a lone statement is one', async (t) => {
  const proxy = await countingProxy(t, fresh.url);
  const db = openTestDatabase(t, proxy.url, { pool_max: 1 });
  await withStock(db);
  const buy = (): Promise<unknown> =>
    db.transaction(async (tx) => {
      await tx.query('select quantity from stock where id = $1 for update', [1]);
      return tx.finish('update stock set quantity = quantity - 1 where id = $1 returning quantity', [1]);
    });
  const lone = (): Promise<unknown> =>
    db.transaction((tx) => tx.finish('update stock set quantity = quantity - 1 where id = $1 returning quantity', [1]));
  const tripsOf = async (work: () => Promise<unknown>): Promise<{ trips: number; answer: unknown }> => {
    const before = proxy.trips();
    const answer = await work();
    return { trips: proxy.trips() - before, answer };
  };
  assert.deepEqual(await tripsOf(buy), { trips: 2, answer: [{ quantity: 9 }] });
  assert.deepEqual(await tripsOf(buy), { trips: 2, answer: [{ quantity: 8 }] });
  assert.deepEqual(await tripsOf(lone), { trips: 1, answer: [{ quantity: 7 }] });
  assert.equal((await tripsOf(() => db.query('select 1'))).trips, 1);
  assert.equal((await tripsOf(() => db.transaction((tx) => tx.query('select 1')))).trips, 2, 'without finish COMMIT is a trip of its own');
  assert.equal((await tripsOf(() => db.transaction(async () => 'nothing to do'))).trips, 0);
});

test('what is committed by finish is committed, and nothing may follow it', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  await withStock(db);
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('update stock set quantity = 1 where id = $1', [1]);
      await tx.finish('update stock set quantity = 2 where id = $1', [2]);
      await tx.query('update stock set quantity = 3');
    }),
    /takes no statement after its end/,
  );
  assert.deepEqual(await quantities(db), [1, 2]);
});

test('an error of the work undoes everything and keeps the connection', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await withStock(db);
  const pidOf = async (): Promise<unknown> => (await db.query('select pg_backend_pid() as pid'))[0];
  const pid = await pidOf();
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('update stock set quantity = 0');
      throw new Error('the work failed');
    }),
    /the work failed/,
  );
  assert.deepEqual(await quantities(db), [10, 10]);
  assert.deepEqual(await pidOf(), pid);
});

for (const kind of ['query', 'finish'] as const) {
  test(`a refused statement undoes everything (${kind})`, async (t) => {
    const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
    await withStock(db);
    const error = await db
      .transaction(async (tx) => {
        await tx.query('update stock set quantity = 5 where id = 2');
        await tx[kind]('update stock set quantity = quantity - 11 where id = $1', [1]);
      })
      .catch((refusal: unknown) => refusal);
    assert.equal(violatedConstraint(error), 'stock_not_negative');
    assert.deepEqual(await quantities(db), [10, 10]);
    assert.deepEqual(db.pool(), { total: 1, idle: 1, waiting: 0 });
  });
}

test('a refused first statement leaves no transaction behind', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await assert.rejects(db.transaction((tx) => tx.query('select * from nowhere')));
  await assert.rejects(db.transaction((tx) => tx.finish('select * from nowhere')));
  assert.deepEqual(await db.query('select pg_current_xact_id_if_assigned() as xid, 1 as one'), [{ xid: null, one: 1 }]);
});

test('of statements that fail together the refused one is reported, not the secondary error', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await withStock(db);
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('select 1');
      const refused = tx.query('update stock set quantity = -1 where id = 1');
      // The work hears of the second first, as it may when both answers arrive together.
      refused.catch(() => undefined);
      await tx.query('update stock set quantity = 5 where id = 2');
      await refused;
    }),
    (error: unknown) => violatedConstraint(error) === 'stock_not_negative',
  );
  assert.deepEqual(await quantities(db), [10, 10]);
});

test('a refusal that the work swallows cannot be committed over', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  await withStock(db);
  let committed = false;
  const error = await db
    .transaction(async (tx) => {
      tx.onCommit(() => {
        committed = true;
      });
      await tx.query('update stock set quantity = 7');
      await tx.query('update stock set quantity = -1').catch(() => 'swallowed');
    })
    .catch((refusal: unknown) => refusal);
  assert.equal(sqlState(error), '23514');
  assert.equal(committed, false);
  assert.deepEqual(await quantities(db), [10, 10]);
});

test('a constraint that is checked at COMMIT fails the transaction', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await db.query(
    'create table pairs (id int primary key, other int constraint pairs_other_exists references pairs (id) deferrable initially deferred)',
  );
  const insert = 'insert into pairs values ($1, $2)';
  await db.transaction(async (tx) => {
    await tx.query(insert, [1, 2]);
    await tx.finish(insert, [2, 1]);
  });
  for (const last of ['query', 'finish'] as const) {
    const error = await db
      .transaction(async (tx) => {
        await tx.query(insert, [3, 4]);
        await tx[last](insert, [5, 6]);
      })
      .catch((refusal: unknown) => refusal);
    assert.equal(violatedConstraint(error), 'pairs_other_exists');
  }
  assert.deepEqual(await db.query('select count(*) as pairs from pairs'), [{ pairs: 2 }]);
});

test('a connection that forgot BEGIN runs nothing outside a transaction, and is replaced', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await withStock(db);
  for (const forgotten of ['deallocate souk_begin', 'deallocate souk_commit', 'discard all']) {
    await db.query(forgotten);
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.query('update stock set quantity = quantity - 1');
        throw new Error('undo');
      }),
      /undo/,
    );
    await db.transaction(async (tx) => {
      await tx.query('select quantity from stock');
      await tx.finish('update stock set quantity = quantity - 1');
    });
    // A statement that the connection knows is not sent behind a BEGIN that is refused: it would run on its own.
    const known = 'update stock set quantity = 0 where id = $1';
    await db.query(known, [3]);
    await db.query(forgotten);
    await assert.rejects(
      db.transaction(async (tx) => {
        await Promise.allSettled([tx.query('select quantity from stock'), tx.query(known, [1])]);
        throw new Error('undo');
      }),
      /undo/,
    );
  }
  assert.deepEqual(await quantities(db), [7, 7]);
});

test('a value that cannot be written fails its own transaction only', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 1 });
  await withStock(db);
  const endless: Record<string, unknown> = {};
  endless.self = endless;
  const update = 'update stock set quantity = ($1::jsonb->>$2)::int';
  for (const kind of ['query', 'finish'] as const) {
    await assert.rejects(
      db.transaction((tx) => tx[kind](update, [endless, 'quantity'])),
      /circular/,
    );
    await db.transaction((tx) => tx[kind](update, [{ quantity: 4 }, 'quantity']));
  }
  assert.deepEqual(await quantities(db), [4, 4]);
});

test('statements sent together keep their order and belong to the transaction', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  await withStock(db);
  await assert.rejects(
    db.transaction(async (tx) => {
      await Promise.all([1, 2, 3].map((quantity) => tx.query('update stock set quantity = $1', [quantity])));
      assert.deepEqual(await tx.query('select quantity from stock where id = 1'), [{ quantity: 3 }]);
      throw new Error('undo');
    }),
    /undo/,
  );
  assert.deepEqual(await quantities(db), [10, 10]);
});

test('tasks run after the commit, in order, and one that fails harms nobody', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  const ran: string[] = [];
  const answer = await db.transaction(async (tx) => {
    tx.onCommit(() => ran.push('first'));
    tx.onCommit(() => {
      throw new Error('a task failed');
    });
    tx.onCommit(() => ran.push('third'));
    await tx.query('select 1');
    assert.deepEqual(ran, []);
    return 'answer';
  });
  assert.equal(answer, 'answer');
  assert.deepEqual(ran, ['first', 'third']);
});

test('two transactions that deadlock both end well', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  await withStock(db);
  let runs = 0;
  let holding = 0;
  let together: () => void;
  const bothHold = new Promise<void>((resolve) => {
    together = resolve;
  });
  const take = (first: number, second: number): Promise<void> =>
    db.transaction(async (tx) => {
      runs += 1;
      await tx.query('update stock set quantity = quantity - 1 where id = $1', [first]);
      holding += 1;
      if (holding >= 2) together();
      await bothHold;
      await tx.finish('update stock set quantity = quantity - 1 where id = $1', [second]);
    });
  await Promise.all([take(1, 2), take(2, 1)]);
  assert.equal(runs, 3, 'the victim ran once more');
  assert.deepEqual(await quantities(db), [8, 8]);
});

test('a transaction whose connection is cut fails for good and nothing of it stays', async (t) => {
  const db = openTestDatabase(t, fresh.url, { pool_max: 2 });
  const superuser = openTestDatabase(t, fresh.superuser_url);
  await withStock(db);
  let runs = 0;
  await assert.rejects(
    db.transaction(async (tx) => {
      runs += 1;
      await tx.query('update stock set quantity = 0 where id = 1');
      const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await superuser.query('select pg_terminate_backend($1, 5000)', [own?.pid]);
      await assert.rejects(tx.query('update stock set quantity = 0 where id = 2'));
      await tx.finish('update stock set quantity = 0 where id = 2');
    }),
    { code: 'database_unavailable' },
  );
  assert.equal(runs, 1);
  assert.deepEqual(await quantities(db), [10, 10]);
  await until('the lost connection is forgotten', () => db.pool().idle === db.pool().total);
});

test('a transaction that swallows the loss of its connection still fails', async (t) => {
  const db = openTestDatabase(t, fresh.url);
  const superuser = openTestDatabase(t, fresh.superuser_url);
  let committed = false;
  await assert.rejects(
    db.transaction(async (tx) => {
      tx.onCommit(() => {
        committed = true;
      });
      const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await superuser.query('select pg_terminate_backend($1, 5000)', [own?.pid]);
      await tx.query('select 1').catch(() => 'swallowed');
    }),
    { code: 'database_unavailable' },
  );
  assert.equal(committed, false);
});

import type { Protection } from '../protection.ts';

export const postgresProtections: readonly Protection[] = [
  {
    name: 'postgres: a transaction that failed answers no success',
    file: 'packages/postgres/src/transaction.ts',
    from: `  if (progress.failure !== undefined) throw progress.failure;
`,
    to: '',
    tests: ['packages/postgres/test/transaction.test.ts'],
    protects: 'COMMIT after a failed statement is a rollback, and said so.',
  },
  {
    name: 'postgres: what comes after a commit comes after it',
    file: 'packages/postgres/src/transaction.ts',
    from: 'else progress.onCommit.push(task);',
    to: 'else task();',
    tests: ['packages/postgres/test/transaction.test.ts'],
    protects: 'Nothing is announced that may still be rolled back.',
  },
  {
    name: 'postgres: nothing is sent behind a BEGIN that may fail',
    file: 'packages/postgres/src/transaction.ts',
    from: `    if (progress.opening !== undefined) await progress.opening;
    assert`,
    to: '    assert',
    tests: ['packages/postgres/test/transaction.test.ts'],
    protects: 'A statement never runs on its own because BEGIN failed.',
  },
  {
    name: 'postgres: a failed transaction is rolled back',
    file: 'packages/postgres/src/transaction.ts',
    from: `    await connection.command('ROLLBACK');
`,
    to: `    void 0;
`,
    tests: ['packages/postgres/test/transaction.test.ts', 'packages/postgres/test/database.test.ts'],
    protects: 'A connection goes back to the pool without a transaction.',
  },
  {
    name: 'postgres: a connection in doubt is closed',
    file: 'packages/postgres/src/transaction.ts',
    from: `    connection.discard();
`,
    to: '',
    tests: ['packages/postgres/test/transaction.test.ts', 'packages/postgres/test/database.test.ts'],
    protects: 'A connection whose rollback failed is used no more.',
  },
  {
    name: 'postgres: a deadlock is tried again',
    file: 'packages/postgres/src/database.ts',
    from: 'const repeats = { first_ms: 5, most_ms: 100, attempts_max: 4, isPassing: isRepeatable };',
    to: 'const repeats = { first_ms: 5, most_ms: 100, attempts_max: 1, isPassing: isRepeatable };',
    tests: ['packages/postgres/test/database.test.ts', 'packages/postgres/test/transaction.test.ts'],
    protects: 'Two transactions that meet both succeed.',
  },
  {
    name: 'postgres: a finish commits',
    file: 'packages/postgres/src/transaction.ts',
    from: '{ begin: false, commit: true }',
    to: '{ begin: false, commit: false }',
    tests: ['packages/postgres/test/transaction.test.ts'],
    protects: 'What finish() answered is committed.',
  },
  {
    name: 'postgres: a transaction takes nothing after its end',
    file: 'packages/postgres/src/transaction.ts',
    from: `assert(progress.state === 'unsent' || progress.state === 'open', 'a transaction takes no statement after its end');`,
    to: '',
    tests: ['packages/postgres/test/transaction.test.ts'],
    protects: 'A statement that comes too late is refused and not run on its own.',
  },
  {
    name: 'postgres: one process migrates a database',
    file: 'packages/postgres/src/migrate.ts',
    from: `    if (rows[0]?.locked !== true) throw held;
`,
    to: `    void [rows, held];
`,
    tests: ['packages/postgres/test/migrate.test.ts'],
    protects: 'Processes that start together apply each migration once.',
  },
  {
    name: 'postgres: the lock of migrations is not waited for in a statement',
    file: 'packages/postgres/src/migrate.ts',
    from: "'select pg_try_advisory_lock($1, $2) as locked'",
    to: "'select true as locked from (select pg_advisory_lock($1, $2)) held'",
    tests: ['packages/postgres/test/migrate.test.ts'],
    protects: 'A process that waits for another one that makes an index concurrently is no deadlock.',
  },
  {
    name: 'postgres: an applied migration stays as it is',
    file: 'packages/postgres/src/migrate.ts',
    from: '} else if (known.checksum !== migration.checksum) {',
    to: '} else if (known.checksum !== migration.checksum && id === migration.text) {',
    tests: ['packages/postgres/test/migrate.test.ts'],
    protects: 'Two databases of one version have one schema.',
  },
  {
    name: 'postgres: migrations are applied in their order',
    file: 'packages/postgres/src/migrate.ts',
    from: `      refuseOutOfOrder(migration, rows);
`,
    to: `      void refuseOutOfOrder;
`,
    tests: ['packages/postgres/test/migrate.test.ts'],
    protects: 'A file slipped in below an applied one is refused.',
  },
  {
    name: 'postgres: a migration is noted in its transaction',
    file: 'packages/postgres/src/apply-migration.ts',
    from: `  await note(client, migration);
  await client.query('commit');`,
    to: `  await client.query('commit');
  await note(client, { ...migration, name: \`_\${migration.name}\` });`,
    tests: ['packages/postgres/test/migrate.test.ts'],
    protects: 'A migration is applied and noted, or neither.',
  },
  {
    name: 'postgres: a migration waits a moment for its lock',
    file: 'packages/postgres/src/apply-migration.ts',
    from: `  await client.query(\`set local lock_timeout = \${lockWaitMs}\`);
`,
    to: `  void lockWaitMs;
`,
    tests: ['packages/postgres/test/migrate.test.ts'],
    protects: 'A migration that waits does not stop all others.',
  },
  {
    name: 'postgres: a broken index is built again',
    file: 'packages/postgres/src/apply-migration.ts',
    from: 'if (rows[0]?.valid === false) await',
    to: `if (rows[0]?.valid === undefined) void rows;
  if (rows.length < 0) await`,
    tests: ['packages/postgres/test/migrate.test.ts'],
    protects: 'An index that was interrupted is not taken for a good one.',
  },
];

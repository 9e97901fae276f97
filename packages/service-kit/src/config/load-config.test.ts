import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AppError } from '@souk/kernel';
import Type from 'typebox';
import { configReference, fileVariablesOf, loadConfig, loadProcessConfig } from './load-config.ts';
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

  it('finds the other services of the same platform', () =>
    assert.equal(derivedDefaults('notifications', 9_000)['users_url'], 'http://127.0.0.1:9001'));

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

  it('takes every secret and address from a file instead', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'souk-config-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const [token, empty] = [join(folder, 'token'), join(folder, 'empty')];
    await writeFile(token, `${env.INTERNAL_TOKEN}\n`);
    await writeFile(empty, '\n');
    const given = { ...env, INTERNAL_TOKEN: '', INTERNAL_TOKEN_FILE: token };
    assert.equal(loadConfig('orders', PlatformConfig, given).internal_token, env.INTERNAL_TOKEN);
    for (const name of ['DATABASE_URL', 'AMQP_URL', 'REDIS_URL', 'CHAOS_TOKEN', 'GATEWAY_URL', 'OTEL_EXPORTER_OTLP_HEADERS'])
      assert.ok(fileVariablesOf(PlatformConfig).includes(name), name);
    const problems = problemsOf(() =>
      loadConfig('orders', PlatformConfig, {
        ...env,
        INTERNAL_TOKEN_FILE: token,
        DATABASE_URL: '',
        DATABASE_URL_FILE: '/absent',
        AMQP_URL_FILE: empty,
      }),
    );
    assert.deepEqual(problems, [
      'DATABASE_URL_FILE is "/absent"; this file cannot be read (ENOENT)',
      'INTERNAL_TOKEN and INTERNAL_TOKEN_FILE are both set; set one of them',
      `AMQP_URL_FILE is ${JSON.stringify(empty)}; this file is empty`,
    ]);
  });

  it('shows what a wrong address should look like, and never the secret in it', () => {
    const problems = problemsOf(() =>
      loadConfig('orders', PlatformConfig, { ...env, AMQP_URL: 'localhost:5672', USERS_URL: 'users:8001' }),
    );
    const [users = '', amqp = ''] = [...problems].sort().reverse();
    assert.match(users, /^USERS_URL .* For example: http:\/\/127\.0\.0\.1:8001 \(it is "users:8001"\)$/);
    assert.match(amqp, /^AMQP_URL .* For example: amqp:\/\/user:password@127\.0\.0\.1:5672$/);
  });

  it('of a process names what is set in vain, once', () => {
    const lines: string[] = [];
    const given = { ...env, DB_POLL_MAX: '9', BASE_PORT: '9000', log_level: 'debug' };
    loadProcessConfig('orders', PlatformConfig, given, (line) => lines.push(line));
    assert.deepEqual(
      lines.map((line) => line.replace(/ is not .* did you mean/, ' →')),
      ['orders: BASE_PORT → PORT_BASE?', 'orders: DB_POLL_MAX → DB_POOL_MAX?', 'orders: log_level → LOG_LEVEL?'],
    );
    loadProcessConfig('orders', PlatformConfig, { ...given, SOUK_ENVIRONMENT_CHECKED: '1' }, (line) => lines.push(line));
    assert.equal(lines.length, 3);
  });
});

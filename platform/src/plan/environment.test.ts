import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSchemaCheck } from '@souk/service-kit';
import { configSchemas } from '../services.ts';
import { databaseNames } from './databases.ts';
import { decidedVariables, type EnvironmentInputs, environmentOf, environmentProblems } from './environment.ts';

const inputs: EnvironmentInputs = {
  world: {
    home: '/home/shop',
    database_urls: Object.fromEntries(
      databaseNames.map((name) => [name, `postgres://own/${name}`]),
    ) as EnvironmentInputs['world']['database_urls'],
  },
  port_base: 9_000,
  internal_token: 'the token of this home',
  env: {},
};

describe('the environment of a service in one process', () => {
  it('is the platform’s own where the shell holds something for another program', () => {
    const strange = Object.fromEntries(decidedVariables.map((variable) => [variable, 'postgres://elsewhere']));
    for (const name of ['gateway', 'orders'] as const) {
      const env = environmentOf(name, { ...inputs, env: { ...strange, RATE_LIMIT: 'off' } });
      assert.deepEqual(env, environmentOf(name, { ...inputs, env: { RATE_LIMIT: 'off' } }));
      assert.equal(env['RATE_LIMIT'], 'off');
    }
    const orders = environmentOf('orders', { ...inputs, env: strange });
    assert.equal(orders['DATABASE_URL'], 'postgres://own/orders');
    assert.equal(orders['PORT'], '9003');
    assert.equal(orders['GATEWAY_URL'], 'http://127.0.0.1:9000');
  });

  it('keeps what the world itself says', () => {
    const world = { ...inputs.world, env: { AMQP_URL: 'amqp://world' } };
    assert.equal(environmentOf('orders', { ...inputs, world, env: { AMQP_URL: 'amqp://elsewhere' } })['AMQP_URL'], 'amqp://world');
  });
});

describe('the default of a variable', () => {
  it('is a value that the variable takes: what nobody has set is not checked at a start', () => {
    for (const [service, schema] of Object.entries(configSchemas))
      for (const [name, field] of Object.entries(schema.properties as Record<string, { default?: unknown }>))
        if (field.default !== undefined) assert.equal(createSchemaCheck(field)(field.default), undefined, `${name} of ${service}`);
  });
});

describe('what is wrong with an environment', () => {
  it('is told of all services at once, each problem once', () => {
    const problems = environmentProblems({ DB_POOL_MAX: '0', RATE_LIMIT: 'maybe', SMTP_URL: 'nonsense', DATABASE_URL: 'nonsense' });
    assert.equal(problems.length, 3, problems.join('\n'));
    for (const name of ['DB_POOL_MAX', 'RATE_LIMIT', 'SMTP_URL'])
      assert.equal(problems.filter((line) => line.startsWith(`${name} `)).length, 1);
  });

  it('is nothing where nothing is set', () => assert.deepEqual(environmentProblems({}), []));
});

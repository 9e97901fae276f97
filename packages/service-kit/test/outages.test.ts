import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError, silentLog } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { type HealthReport, PlatformConfig, type Service } from '../src/index.ts';
import { createTestKeys, type TestService, testBroker, testConfig, testService } from '../src/testing.ts';
import { buildGifts } from './gift-shop.ts';

let shop: TestService<Service>;
before(async () => {
  shop = await testService(buildGifts, { name: 'orders', schema: PlatformConfig });
});
after(() => shop.stop());

describe('with parts missing', () => {
  const away = async (): Promise<never> => {
    throw new AppError('broker_unavailable', 'The broker is away.');
  };

  it('a service without its broker serves, says degraded, and joins when the broker is back', async (t) => {
    const own = await testBroker();
    t.after(() => own.close());
    let present = false;
    const broker: Broker = {
      ...own.broker,
      declare: (queues) => (present ? own.broker.declare(queues) : away()),
      connected: () => present,
    };
    const alone = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, overrides: { broker } });
    t.after(() => alone.stop());
    const health = async () => (await (await fetch(`${alone.url}/health`)).json()) as HealthReport;
    assert.deepEqual([(await health()).status, (await health()).checks['broker']?.status], ['degraded', 'degraded']);
    assert.equal((await fetch(`${alone.url}/health/ready`)).status, 200);
    const response = await fetch(`${alone.url}/api/people/ann/gifts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await alone.tokenFor()}`, 'content-type': 'application/json' },
      body: '{"amount":1}',
    });
    assert.equal(response.status, 201);
    present = true;
    while ((await health()).status !== 'healthy') await new Promise((resolve) => setImmediate(resolve));
  });

  it('a service that has never seen keys is not ready and answers 503 to tokens', async (t) => {
    const alone = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, overrides: { fetchKeys: away } });
    t.after(() => alone.stop());
    const ready = await fetch(`${alone.url}/health/ready`);
    assert.deepEqual([ready.status, ((await ready.json()) as HealthReport).checks['keys']?.status], [503, 'unhealthy']);
    const response = await fetch(`${alone.url}/api/hold`, { headers: { authorization: `Bearer ${await alone.tokenFor()}` } });
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '1']);
  });

  it('a service that loses its database says unhealthy, then serves again', async () => {
    const admin = openDatabase({ url: shop.database.superuser_url, application_name: 'breaker', pool_max: 1, log: silentLog });
    const [{ name } = { name: '' }] = await admin.query<{ name: string }>('select current_database() as name');
    const elsewhere = openDatabase({
      url: shop.database.superuser_url.replace(name, 'postgres'),
      application_name: 'breaker',
      pool_max: 1,
      log: silentLog,
    });
    await admin.close();
    await elsewhere.query(`alter database ${name} allow_connections false`);
    await elsewhere.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    const health = await fetch(`${shop.url}/health`);
    const report = (await health.json()) as HealthReport;
    assert.deepEqual([health.status, report.checks['database']?.status], [503, 'unhealthy']);
    const shown = async (): Promise<string> => (await fetch(`${shop.url}/metrics`)).text();
    const without = await shown();
    assert.doesNotMatch(without, /^souk_dead_letters\{/m, 'what cannot be asked is not told');
    assert.match(without, /^souk_sample_age_seconds\{sample="dead_letters",service="orders"\} /m);
    assert.match(without, /^souk_broker_connected\{service="orders"\} 1$/m, 'all else is shown');
    await elsewhere.query(`alter database ${name} allow_connections true`);
    while ((await fetch(`${shop.url}/health/ready`)).status !== 200) await new Promise((resolve) => setImmediate(resolve));
    await until(async () => (/^souk_dead_letters\{.*\} 0$/m.test(await shown()) ? undefined : 'no metric'), 30_000);
    await elsewhere.close();
  });
});

describe('a stop', () => {
  it('tells those who wait for something, lets them be answered, and is done once', async (t) => {
    const own = await testService(buildGifts, { name: 'orders', schema: PlatformConfig });
    t.after(() => own.stop());
    const waiting = fetch(`${own.url}/api/hold`);
    await fetch(`${own.url}/health/live`);
    await Promise.all([own.service.stop(), own.service.stop()]);
    assert.deepEqual(await (await waiting).json(), { stopped: true });
    await assert.rejects(fetch(`${own.url}/health/live`));
  });

  it('undoes a start that failed, with the reason', async () => {
    const [broker, keys] = [await testBroker(), await createTestKeys()];
    const config = testConfig<PlatformConfig>('orders', PlatformConfig, { database_url: shop.database.url, port: shop.service.port });
    const second = buildGifts(config, { broker: broker.broker, log: silentLog, fetchKeys: async () => keys.key_set });
    await assert.rejects(second.start(), (error) => error instanceof AppError && error.code === 'port_taken');
    await broker.close();
    assert.equal((await fetch(`${shop.url}/health/live`)).status, 200);
  });
});

/**
 * What only the distributed world has: RabbitMQ through its own plugin, PostgreSQL and Redis through their exporters, and
 * what the services say of Redis. Every expression about them must have something to say, and their alerts fire.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { monitorRole, startTestPostgres, type TestPostgres, until } from '@souk/platform/testing';
import { type Expression, expressions, isOfServers } from './_committed.ts';
import { type Exporter, startPostgresExporter, startRedisExporter } from './_exporters.ts';
import { inflict, type Played, playRound, type Scene } from './_fault.ts';
import { quickConfig, quickRules } from './_overrides.ts';
import { findProgram, type Prometheus, startPrometheus } from './_prometheus.ts';
import { selectorsOf } from './_promql.ts';
import { findingLines, findRot } from './_rot.ts';
import {
  brokerWithoutMemory,
  databaseFaults,
  fullRedis,
  missingMetrics,
  stoppedBroker,
  stoppedRedis,
  stuckQueue,
  unreadQueue,
} from './_server-faults.ts';
import { openStage, type Stage } from './_stage.ts';

const program = required(await findProgram('prometheus'), 'prometheus in the PATH');
const limit_ms = 45_000;
/** A minute, and what goes before it. */
const metrics_limit_ms = 90_000;
const small_settings = { max_connections: '30' };

describe('what the panels and rules show of the servers', () => {
  let stage: Stage;
  let prometheus: Prometheus;
  let monitor: Awaited<ReturnType<typeof monitorRole>>;
  let postgres: Exporter | undefined;
  let redis: Exporter | undefined;
  let small: TestPostgres | undefined;
  let small_monitor: Awaited<ReturnType<typeof monitorRole>>;
  let small_exporter: Exporter | undefined;
  let scene: Scene;
  let slow: Played;

  const servers = () => required(stage.souk.servers, 'the servers of the distributed world');

  before(async () => {
    stage = await openStage({ world: 'distributed', own_rabbit: 'metrics' });
    const { rabbit, redis: server } = servers();
    monitor = await monitorRole();
    postgres = await startPostgresExporter(monitor.url);
    redis = await startRedisExporter(server.url);
    if (postgres) {
      small = await startTestPostgres(small_settings);
      small_monitor = await monitorRole(small);
      small_exporter = await startPostgresExporter(small_monitor.url);
    }
    const rabbit_address = `127.0.0.1:${rabbit.metrics_port}`;
    const addresses = {
      rabbitmq: rabbit_address,
      'rabbitmq-queues': rabbit_address,
      ...(postgres && small_exporter && { postgres: [postgres.address, small_exporter.address] }),
      ...(redis && { redis: redis.address }),
    };
    const port = required((await findFreePorts(1))[0], 'a free port');
    const config = await quickConfig(stage.souk, `127.0.0.1:${port}`, addresses);
    prometheus = await startPrometheus(program, { port, config, rules: await quickRules() });
    const scraped = async (): Promise<void> => undefined;
    scene = { ...stage, prometheus, scraped };
    slow = await inflict([missingMetrics], scene);
  });
  after(async () => {
    await Promise.all([prometheus?.stop(), postgres?.stop(), redis?.stop(), small_exporter?.stop()]);
    await monitor?.drop();
    await small?.stop();
    await stage?.souk.stop();
  });

  test('every expression about them has a value, after some orders', async (t) => {
    const [shopper, product] = [await stage.aShopper(), await stage.aProduct(20)];
    await stage.buy(shopper, product);
    const wanted = (await expressions()).filter(({ expr }) => selectorsOf(expr).some(isOfServers));
    const away = [...(postgres ? [] : ['pg_']), ...(redis ? [] : ['redis_'])];
    const isHere = ({ expr }: Expression): boolean =>
      !selectorsOf(expr).some(({ metric }) => away.some((prefix) => metric.startsWith(prefix)));
    const checked = wanted.filter(isHere);
    if (away.length > 0)
      t.diagnostic(`${wanted.length - checked.length} expressions are not tried: no exporter for ${away.join(', ')} is installed.`);
    assert.ok(checked.length >= 15);
    await until(async () => {
      await stage.buy(shopper, product);
      const findings = await findRot(prometheus, checked);
      return findings.length === 0
        ? undefined
        : `${findings.length} of ${checked.length} expressions show nothing:\n${findingLines(findings)}`;
    }, limit_ms);
  });

  test('alerts fire for a database that is full or away, and their runbooks end it', async (t) => {
    if (!postgres || !small || !small_exporter) return t.skip('no exporter for PostgreSQL is installed');
    for (const fault of databaseFaults) await playRound([fault], { prometheus, small, exporter: small_exporter }, limit_ms);
  });

  test('alerts fire for a Redis that is full, and its runbook ends it', async (t) => {
    if (!redis) return t.skip('no exporter for Redis is installed');
    await playRound([fullRedis], scene, limit_ms);
  });

  for (const fault of [unreadQueue, brokerWithoutMemory, stuckQueue, stoppedBroker])
    test(`alerts fire for ${fault.what}, and their runbooks end it`, () => playRound([fault], scene, limit_ms));

  test(`alerts fire for ${stoppedRedis.what}, and their runbooks end it`, async () => {
    // The exporter's word is missing where there is none.
    const reported = stoppedRedis.alerts.filter(({ alert }) => redis || alert !== 'RedisDown');
    await playRound([{ ...stoppedRedis, alerts: reported }], scene, limit_ms);
  });

  test('alerts fire for metrics that are old, and come back', async () => {
    await slow.seen(metrics_limit_ms);
    await slow.cured(limit_ms);
  });
});

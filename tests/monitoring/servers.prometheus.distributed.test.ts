/**
 * What only the distributed world has: RabbitMQ through its own plugin, PostgreSQL and Redis through their exporters, and
 * what the services say of Redis. Every expression about them must have something to say, and their alerts fire.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { monitorRole, openRedis, until } from '@souk/constellation/testing';
import { getOrder } from '@souk/contracts';
import { required, silentLog } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { type Expression, expressions, isOfServers } from './_committed.ts';
import { type Exporter, startPostgresExporter, startRedisExporter } from './_exporters.ts';
import { quickConfig, quickRules } from './_overrides.ts';
import { findProgram, type Prometheus, startPrometheus } from './_prometheus.ts';
import { selectorsOf } from './_promql.ts';
import { findingLines, findRot } from './_rot.ts';
import { openStage, type Stage } from './_stage.ts';

const program = required(await findProgram('prometheus'), 'prometheus in the PATH');
const limit_ms = 45_000;

describe('what the panels and rules show of the servers', () => {
  let stage: Stage;
  let prometheus: Prometheus;
  let monitor: Awaited<ReturnType<typeof monitorRole>>;
  let postgres: Exporter | undefined;
  let redis: Exporter | undefined;

  const fires = (...names: string[]): Promise<void> =>
    until(async () => {
      const firing = new Set((await prometheus.now('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname']));
      const missing = names.filter((name) => !firing.has(name));
      return missing.length === 0 ? undefined : `not firing: ${missing.join(', ')}`;
    }, limit_ms);
  const servers = () => required(stage.souk.servers, 'the servers of the distributed world');

  before(async () => {
    stage = await openStage({ world: 'distributed', figures: true });
    const { rabbit, redis: server } = servers();
    monitor = await monitorRole();
    postgres = await startPostgresExporter(monitor.url);
    redis = await startRedisExporter(server.url);
    const rabbit_address = `127.0.0.1:${rabbit.figures_port}`;
    const addresses = {
      rabbitmq: rabbit_address,
      'rabbitmq-queues': rabbit_address,
      ...(postgres && { postgres: postgres.address }),
      ...(redis && { redis: redis.address }),
    };
    const port = required((await findFreePorts(1))[0], 'a free port');
    const config = await quickConfig(stage.souk, `127.0.0.1:${port}`, addresses);
    prometheus = await startPrometheus(program, { port, config, rules: await quickRules() });
  });
  after(async () => {
    await Promise.all([prometheus?.stop(), postgres?.stop(), redis?.stop()]);
    await monitor?.drop();
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

  test('a queue that nobody reads is told by RabbitMQ too', async () => {
    const [shopper, product] = [await stage.aShopper(), await stage.aProduct(1)];
    await stage.souk.stopService('payments');
    const order = await stage.buy(shopper, product, { wait_s: 0 });
    await fires('BrokerQueueUnread', 'ServiceDown');
    await stage.souk.startService('payments');
    await until(async () => {
      const { status } = (await shopper.expect(200, getOrder, { params: { order_id: order.id } })).body;
      return status === 'confirmed' ? undefined : `the order is ${status}`;
    }, limit_ms);
  });

  test('a Redis that is nearly full is told', async (t) => {
    if (!redis) return t.skip('no exporter for Redis is installed');
    const client = openRedis({ url: servers().redis.url, log: silentLog });
    await until(async () => (client.state() === 'ready' ? undefined : 'not connected'), limit_ms);
    const memory = await client.send<string>(['INFO', 'memory']);
    const used = Number(/^used_memory:(\d+)/m.exec(memory)?.[1]);
    await client.send(['CONFIG', 'SET', 'maxmemory', String(Math.round(used * 1.05))]);
    await fires('RedisMemoryFull');
    await client.send(['CONFIG', 'SET', 'maxmemory', '0']);
    client.close();
  });

  test('RabbitMQ without memory is told, and takes messages again afterwards', async () => {
    await servers().rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1MB');
    await fires('BrokerAlarm');
    await servers().rabbit.ctl('set_vm_memory_high_watermark', '0.6');
    const order = await stage.buy(await stage.aShopper(), await stage.aProduct(1));
    assert.equal(order.status, 'confirmed');
  });

  test('a Redis that is stopped is told, and orders go on without it', async () => {
    await servers().redis.stop();
    await fires('RedisAway', ...(redis ? ['RedisDown'] : []));
    const order = await stage.buy(await stage.aShopper(), await stage.aProduct(1));
    assert.equal(order.status, 'confirmed');
    await servers().redis.restart();
  });

  test('a RabbitMQ that is stopped is told by the services and by the missing plugin', async () => {
    await servers().rabbit.stop();
    await fires('BrokerAway', 'ConsumerDetached', 'ExporterDown');
    await servers().rabbit.start();
  });
});

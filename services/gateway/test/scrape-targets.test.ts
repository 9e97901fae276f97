import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { ScrapeTargets } from '@souk/contracts';
import { memoryRegistry } from '@souk/discovery';
import { systemClock } from '@souk/kernel';
import { aGateway, anUpstream, type TestGateway, type Upstream, until } from './_support.ts';

const lease_ms = 3_000;

describe('what Prometheus is told to scrape', () => {
  const gateways: TestGateway[] = [];
  const upstreams: Upstream[] = [];
  const instance = async (): Promise<Upstream> => {
    const upstream = await anUpstream();
    upstreams.push(upstream);
    return upstream;
  };
  const open = async (...given: Parameters<typeof aGateway>): Promise<TestGateway> => {
    const gateway = await aGateway(...given);
    gateways.push(gateway);
    return gateway;
  };
  const targetsAt = async (gateway: TestGateway): Promise<ScrapeTargets> => {
    const answer = await fetch(`${gateway.url}/registry/targets`, { headers: { authorization: `Bearer ${gateway.scrape_token}` } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, 'Prometheus takes nothing else');
    return (await answer.json()) as ScrapeTargets;
  };
  const listed = (targets: ScrapeTargets): string[] =>
    targets.map(({ targets: [address = ''], labels }) => `${labels.service} ${address}`).sort();
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });

  it('is every instance of the registry, the sick ones too, and the gateway itself', async () => {
    const shop = await open({ health_interval_ms: 100 });
    const [first, second] = [await instance(), await instance()];
    await shop.register('orders', first, 'orders-1');
    await shop.register('orders', second, 'orders-2');
    await second.close();
    await until(() => shop.gateway.context.instances.table.of('orders').some(({ healthy }) => !healthy), 'one is sick');
    const targets = await targetsAt(shop);
    assert.deepEqual(
      listed(targets),
      [`gateway 127.0.0.1:${shop.port}`, ...[first, second].map(({ port }) => `orders 127.0.0.1:${port}`)].sort(),
    );
    assert.deepEqual(
      targets.find(({ labels }) => labels.service === 'gateway')?.labels.instance_id,
      shop.gateway.context.instance_id,
      'with the name under which it is known everywhere',
    );
  });

  it('holds every gateway that shares the registry, each once, and none that has stopped', async () => {
    const registry = memoryRegistry({ clock: systemClock, lease_ms });
    const [one, two] = [await open({ lease_ms }, { registry }), await open({ lease_ms }, { registry })];
    const both = [one, two].map(({ port }) => `gateway 127.0.0.1:${port}`).sort();
    for (const gateway of [one, two])
      await until(async () => listed(await targetsAt(gateway)).join() === both.join(), 'both gateways are listed');
    assert.equal((await fetch(`${one.url}/health/ready`)).status, 503, 'another gateway is no service to send requests to');
    const health = (await (await fetch(`${one.url}/health`)).json()) as { services: Record<string, unknown> };
    assert.ok(!('gateway' in health.services), 'gateways do not ask each other how they are');
    await gateways.pop()?.stop();
    await until(async () => listed(await targetsAt(one)).length === 1, 'the other has gone');
  });

  it('is for services and operators only', async () => {
    const shop = await open();
    const statusWith = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${shop.url}/registry/targets`, { headers })).status;
    assert.equal(await statusWith({}), 401);
    assert.equal(await statusWith({ authorization: `Bearer ${'x'.repeat(64)}` }), 401);
    assert.equal(await statusWith({ authorization: `Bearer ${await shop.keys.tokenFor({ role: 'admin' })}` }), 403);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { manualClock, silentLog } from '@souk/kernel';
import {
  createHealthProber,
  createInstanceTable,
  createRegistrar,
  createResolver,
  type HealthProber,
  keepLastView,
  loadLastView,
  memoryRegistry,
  parseStaticServices,
  watchDnsNames,
} from '../src/index.ts';
import { aRegistration, registryConformance } from '../src/testing.ts';
import { eventually, httpProbe } from './_support.ts';

const clock = manualClock();
const log = silentLog;

registryConformance('the memory registry', async () => {
  const own = manualClock();
  const registry = memoryRegistry({ clock: own, lease_ms: 1000, sweep_ms: 0 });
  return { registry, lease_ms: 1000, elapse: async (by_ms) => own.advance(by_ms) };
});

describe('the health prober', () => {
  const proberOf = (timeout_ms = 500): { table: ReturnType<typeof createInstanceTable>; prober: HealthProber } => {
    const table = createInstanceTable();
    return { table, prober: createHealthProber({ table, clock, log, timeout_ms, interval_ms: 60_000 }) };
  };

  it('checks an instance as soon as it appears, takes it out when it fails and brings it back', async () => {
    const service = await httpProbe();
    const { table, prober } = proberOf();
    const registry = memoryRegistry({ clock, lease_ms: 1000, sweep_ms: 0 });
    registry.watch((view) => table.feed('registry', view.instances));
    await registry.register(aRegistration({ port: service.port }));
    assert.equal(table.of('orders')[0]?.healthy, false, 'nobody waited for the check');
    await eventually('healthy', () => table.of('orders')[0]?.healthy === true);
    assert.equal(service.seen[0]?.url, '/health/ready');
    service.answer(503);
    await prober.probeAll();
    assert.deepEqual([table.of('orders')[0]?.healthy, table.of('orders')[0]?.last_error], [false, 'status 503']);
    service.answer(200);
    await prober.probeAll();
    assert.equal(table.of('orders')[0]?.healthy, true);
    await prober.close();
    await service.close();
  });

  it('gives up on an instance that never answers and on one that is not there', async () => {
    const [hanging, gone] = [await httpProbe(), await httpProbe()];
    hanging.answer(0);
    await gone.close();
    const { table, prober } = proberOf(30);
    const leased = { registered_at: 0, lease_until: 1 };
    table.feed(
      'static',
      [hanging, gone].map(({ port }) => ({ ...aRegistration({ instance_id: `p${port}`, port }), ...leased })),
    );
    await prober.probeAll();
    for (const instance of table.of('orders')) {
      assert.equal(instance.healthy, false);
      assert.ok(instance.last_error);
    }
    await prober.close();
    await hanging.close();
  });

  it('warns of an instance that is lost, but not of one that only an earlier run has met', async () => {
    const warned: object[] = [];
    const [here, gone] = [await httpProbe(), await httpProbe()];
    await gone.close();
    const table = createInstanceTable();
    const ears = { ...log, warn: (fields: object) => void warned.push(fields) };
    const prober = createHealthProber({ table, clock, log: ears, interval_ms: 60_000 });
    const leased = { registered_at: 0, lease_until: 1 };
    table.feed(
      'registry',
      [here, gone].map(({ port }) => ({ ...aRegistration({ instance_id: `p${port}`, port }), ...leased })),
    );
    await prober.probeAll();
    assert.deepEqual(warned, []);
    here.answer(503);
    await prober.probeAll();
    assert.deepEqual(warned, [
      { upstream: 'orders', instance_id: `p${here.port}`, origin: `http://127.0.0.1:${here.port}`, reason: 'status 503' },
    ]);
    await prober.close();
    await here.close();
  });

  it('brings back an instance that was marked unhealthy', async () => {
    const service = await httpProbe();
    const { table, prober } = proberOf();
    table.feed('static', [{ ...aRegistration({ port: service.port }), registered_at: 0, lease_until: 1 }]);
    await prober.probeAll();
    const resolver = createResolver({ table, clock });
    const instance = resolver.pick('orders');
    assert.ok(instance?.healthy);
    resolver.markUnhealthy(instance, 'ECONNREFUSED');
    assert.equal(table.of('orders')[0]?.healthy, false);
    await prober.probeAll();
    assert.equal(table.of('orders')[0]?.healthy, true);
    await prober.close();
    await service.close();
  });
});

describe('the registrar', () => {
  const options = {
    registration: aRegistration(),
    registration_token: 'secret',
    log,
    renew_ms: 5,
    retry_first_ms: 1,
    retry_max_ms: 5,
    timeout_ms: 300,
  };

  it('registers at every gateway, renews, and deregisters when it stops', async () => {
    const gateways = [await httpProbe(), await httpProbe()];
    const registrar = createRegistrar({ ...options, gateway_urls: gateways.map(({ port }) => `http://127.0.0.1:${port}`) });
    await eventually('renewed everywhere', () => gateways.every(({ seen }) => seen.length >= 3));
    await registrar.stop();
    for (const { seen } of gateways) {
      assert.deepEqual([seen[0]?.method, seen[0]?.url, seen[0]?.authorization], ['PUT', '/registry/services/orders/one', 'Bearer secret']);
      assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), {
        host: '127.0.0.1',
        port: 8003,
        health_check_path: '/health/ready',
        metadata: {},
      });
      assert.equal(seen.at(-1)?.method, 'DELETE');
    }
    for (const gateway of gateways) await gateway.close();
  });

  it('tries until the gateway is there and takes it', async () => {
    const first = await httpProbe();
    await first.close();
    const registrar = createRegistrar({ ...options, gateway_urls: [`http://127.0.0.1:${first.port}`] });
    assert.equal(registrar.state()[0]?.registered, false);
    const gateway = await httpProbe(first.port);
    gateway.answer(503);
    await eventually('asked while refusing', () => gateway.seen.length >= 2);
    gateway.answer(200);
    await eventually('registered', () => registrar.state()[0]?.registered === true);
    await registrar.stop();
    await gateway.close();
  });

  it('is patient with a gateway that answers late, and more so each time', async (t) => {
    let asked = 0;
    const late = createServer((request, response) => {
      asked += 1;
      request.resume().on('end', () => setTimeout(() => response.end('{}'), 150));
    });
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
    t.after(() => late.close());
    const gateway_urls = [`http://127.0.0.1:${(late.address() as AddressInfo).port}`];
    const registrar = createRegistrar({ ...options, timeout_ms: 20, retry_first_ms: 1, retry_max_ms: 1, gateway_urls });
    await eventually('registered', () => registrar.state()[0]?.registered === true);
    await registrar.stop();
    const impatient = createRegistrar({ ...options, timeout_ms: 20, timeout_max_ms: 40, retry_first_ms: 1, retry_max_ms: 1, gateway_urls });
    const before = asked;
    await eventually('asked again and again', () => asked >= before + 5);
    assert.equal(impatient.state()[0]?.registered, false);
    await impatient.stop();
  });

  it('stops within its limit though the gateway hangs', async () => {
    const gateway = await httpProbe();
    gateway.answer(0);
    const registrar = createRegistrar({ ...options, timeout_ms: 50, gateway_urls: [`http://127.0.0.1:${gateway.port}`] });
    await eventually('asked', () => gateway.seen.length > 0);
    const began = performance.now();
    await registrar.stop();
    assert.ok(performance.now() - began < 1_000);
    await gateway.close();
  });
});

describe('the last view', () => {
  it('survives a restart: the new registry begins with it, and what does not come back ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'souk-view-'));
    const file = join(folder, 'registry.json');
    const registry = memoryRegistry({ clock, lease_ms: 1000, sweep_ms: 0 });
    const end = keepLastView({ registry, file, log });
    await registry.register(aRegistration({ metadata: { zone: 'a' } }));
    await registry.register(aRegistration({ instance_id: 'two' }));
    await end();
    const own = manualClock();
    const again = memoryRegistry({ clock: own, lease_ms: 1000, sweep_ms: 0, initial: await loadLastView(file, log) });
    assert.deepEqual(
      (await again.list('orders')).map(({ instance_id }) => instance_id),
      ['one', 'two'],
    );
    own.advance(1000);
    assert.deepEqual(await again.list('orders'), []);
    assert.ok((await readFile(file, 'utf8')).startsWith('['));
    await writeFile(file, '[{"name":');
    assert.deepEqual(await loadLastView(file, log), []);
    assert.deepEqual(await loadLastView(join(folder, 'absent.json'), log), []);
    await rm(folder, { recursive: true });
  });
});

describe('DNS names', () => {
  it('become an instance for each address, follow changes, and keep the last answer when the lookup fails', async () => {
    const table = createInstanceTable();
    let answer = async (): Promise<string[]> => ['10.0.0.2', '10.0.0.1'];
    const names = watchDnsNames({
      services: parseStaticServices('users=dns://users:8001'),
      table,
      health_check_path: '/health/ready',
      log,
      resolve: () => answer(),
    });
    const hosts = (): string[] => table.of('users').map(({ host }) => host);
    await names.refresh();
    assert.deepEqual(hosts(), ['10.0.0.1', '10.0.0.2']);
    answer = async () => ['10.0.0.2', '10.0.0.3'];
    await names.refresh();
    assert.deepEqual(hosts(), ['10.0.0.2', '10.0.0.3']);
    answer = () => Promise.reject(new Error('SERVFAIL'));
    await names.refresh();
    assert.deepEqual(hosts(), ['10.0.0.2', '10.0.0.3']);
    names.close();
  });
});

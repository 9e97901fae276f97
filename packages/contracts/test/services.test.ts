import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { backupOrder, dataServices, portOffsets, queues, routes, serviceNames, services, startStages } from '@souk/contracts';

const root = new URL('../../../', import.meta.url);
const textOf = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

describe('the table of services', () => {
  it('lists exactly the folders of services, each with a port of its own', async () => {
    assert.deepEqual([...serviceNames].sort(), (await readdir(new URL('services/', root))).sort());
    assert.equal(new Set(Object.values(portOffsets)).size, serviceNames.length);
    for (const name of serviceNames)
      assert.equal((JSON.parse(await textOf(`services/${name}/package.json`)) as { name: string }).name, `@souk/${name}`);
  });

  it('says of a service that it has a database where it has migrations, and gives each of those a place in the backup', async () => {
    for (const { name, has_database } of services) {
      const migrates = await access(new URL(`services/${name}/migrations/`, root)).then(
        () => true,
        () => false,
      );
      assert.equal(migrates, has_database, name);
    }
    assert.deepEqual([...backupOrder].sort(), [...dataServices].sort());
    const known = ['notifications', 'inventory', 'payments', 'orders', 'products', 'users'];
    assert.deepEqual(
      backupOrder.filter((name) => known.includes(name)),
      known,
    );
  });

  it('orders the start: a service follows what it needs, and circles are refused', () => {
    const stages = startStages();
    assert.deepEqual(stages.flat().sort(), [...serviceNames].sort());
    assert.deepEqual(stages.slice(0, 2), [['users', 'web'], ['gateway']]);
    for (const { name, needs } of services) {
      const before = stages.slice(
        0,
        stages.findIndex((stage) => stage.includes(name)),
      );
      for (const need of needs) assert.ok(before.flat().includes(need), `${name} starts after ${need}`);
    }
    const circle = [
      { name: 'one', needs: ['two'] },
      { name: 'two', needs: ['one'] },
    ];
    assert.throws(() => startStages(circle), /one, two/);
  });

  it('has the owner of every queue and every route', () => {
    for (const queue of Object.keys(queues)) assert.ok((dataServices as readonly string[]).includes(queue.split('.')[0] ?? ''), queue);
    for (const { service, path } of routes) assert.ok(serviceNames.includes(service), path);
  });
});

describe('files that list the services without reading the table', () => {
  it('list all of them in its order', async () => {
    const databases = /^for service in ([a-z ]+); do$/m.exec(await textOf('infrastructure/postgres/make-databases.sh'))?.[1];
    assert.equal(databases, dataServices.join(' '));
    const targets = [...(await textOf('infrastructure/monitoring/prometheus/prometheus.static.yml')).matchAll(/\['([a-z]+):(\d+)'\]/g)];
    const scraped = targets.map(([, name, port]) => `${name}:${port}`).slice(0, serviceNames.length);
    assert.deepEqual(
      scraped,
      serviceNames.map((name) => `${name}:${8_000 + portOffsets[name]}`),
    );
    const expected = [
      ...(await textOf('infrastructure/monitoring/prometheus/rules/recordings.yml')).matchAll(/vector\(0\), "service", "([a-z]+)"/g),
    ];
    assert.deepEqual(
      expected.map(([, name]) => name),
      serviceNames,
    );
    const compose = await textOf('compose.yaml');
    for (const name of serviceNames)
      for (const line of [`args: { SERVICE: ${name} }`, `${name.toUpperCase()}_URL: http://${name}:${8_000 + portOffsets[name]}`])
        assert.ok(compose.includes(line), line);
    for (const name of dataServices) assert.ok(compose.includes(`${name.toUpperCase()}_DATABASE_PASSWORD: `), name);
  });
});

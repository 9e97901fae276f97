import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { dataServices, serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import { type Compose, type ComposeService, mountedPaths, ports, readCompose, root, textOf } from './_compose.ts';

const exactTag = /^[a-z0-9._/-]+:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/;

let compose: Compose;
let text: string;

const serviceOf = (name: string): ComposeService => required(compose.services[name], `service ${name}`);

describe('compose.yaml', () => {
  before(async () => {
    compose = await readCompose();
    text = await textOf('compose.yaml');
  });

  it('holds all services, each on the port everybody knows', () => {
    for (const name of serviceNames) {
      const { environment = {}, build } = serviceOf(name);
      assert.equal(environment['PORT'], String(ports[name]), name);
      assert.equal(build?.args['SERVICE'], name);
      for (const other of serviceNames) assert.equal(environment[`${other.toUpperCase()}_URL`], `http://${other}:${ports[other]}`, name);
    }
  });

  it('publishes the gateway alone where BIND_ADDRESS says, and what an operator looks at on this machine only', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports: each = [] }]) => each.map((port) => [name, port]));
    assert.deepEqual(Object.fromEntries(published), {
      gateway: `\${BIND_ADDRESS:-127.0.0.1}:8000:8000`,
      rabbitmq: '127.0.0.1:15672:15672',
      prometheus: '127.0.0.1:9090:9090',
      grafana: '127.0.0.1:3000:3000',
      jaeger: '127.0.0.1:16686:16686',
    });
    assert.equal(published.length, 5);
    for (const [name, { network_mode }] of Object.entries(compose.services)) assert.equal(network_mode, undefined, name);
  });

  it('lets every service behind the gateway have replicas: nothing that two of them cannot both have', () => {
    for (const name of serviceNames) {
      const { ports: opened = [], container_name, environment = {}, volumes = [] } = serviceOf(name);
      assert.equal(container_name, undefined, name);
      for (const variable of ['ADVERTISE_HOST', 'INSTANCE_ID', 'HOST'])
        assert.equal(environment[variable], undefined, `${name}: ${variable}`);
      // Uploaded pictures: one volume, which all instances of products share.
      const shared = name === 'products' ? ['media:/var/lib/souk'] : [];
      if (name !== 'gateway') assert.deepEqual([opened, volumes], [[], shared], name);
    }
  });

  it('gives each service its own database and no other container any', () => {
    const databases = serviceNames.flatMap((name) => serviceOf(name).environment?.['DATABASE_URL'] ?? []);
    assert.equal(databases.length, 6);
    for (const name of dataServices)
      assert.match(
        serviceOf(name).environment?.['DATABASE_URL'] ?? '',
        new RegExp(`^postgres://${name}:\\$\\{${name.toUpperCase()}_DATABASE_PASSWORD:\\?.*\\}@postgres:5432/${name}$`),
      );
    for (const name of ['gateway', 'operations', 'web'] as const)
      assert.equal(serviceOf(name).environment?.['DATABASE_URL'], undefined, name);
  });

  it('waits only for what has a health check, and in no circle', async () => {
    const dockerfile = await textOf('infrastructure/docker/Dockerfile');
    const visit = (name: string, above: readonly string[]): void => {
      assert.ok(!above.includes(name), `circle: ${[...above, name].join(' → ')}`);
      for (const [other, { condition }] of Object.entries(serviceOf(name).depends_on ?? {})) {
        assert.equal(condition, 'service_healthy', `${name} waits for ${other}`);
        const { healthcheck, build } = serviceOf(other);
        assert.notEqual(healthcheck?.disable, true, `${other} has no health check, and ${name} waits for it`);
        assert.ok(
          healthcheck?.test !== undefined || (build !== undefined && /^HEALTHCHECK /m.test(dockerfile)),
          `${other} has no health check`,
        );
        visit(other, [...above, name]);
      }
    };
    for (const name of Object.keys(compose.services)) visit(name, []);
    for (const name of dataServices)
      for (const backend of ['postgres', 'rabbitmq', 'redis'])
        assert.ok(serviceOf(name).depends_on?.[backend], `${name} waits for ${backend}`);
  });

  it('mounts only files that are there, and declares every volume', async () => {
    for (const path of mountedPaths(compose)) await access(new URL(path, root));
    const named = Object.values(compose.services)
      .flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
      .filter((source) => !source.startsWith('.'));
    assert.deepEqual([...new Set(named)].sort(), Object.keys(compose.volumes).sort());
    for (const name of ['postgres', 'rabbitmq', 'redis'])
      assert.ok(
        serviceOf(name).volumes?.some((volume) => volume.startsWith(`${name}:/`)),
        `${name} keeps its data`,
      );
  });

  it('lets every server that goes on say whether it is well, and starts it again when it ends', async () => {
    const dockerfile = await textOf('infrastructure/docker/Dockerfile');
    for (const [name, { healthcheck, build, restart }] of Object.entries(compose.services)) {
      const once = restart === 'on-failure';
      assert.ok(once || restart === 'unless-stopped', `${name}: restart ${restart}`);
      // These have no program to ask with, and no container waits for them: Prometheus and the services report when they are away.
      if (once || name.endsWith('-exporter') || name === 'jaeger') continue;
      const own = build !== undefined && /^HEALTHCHECK /m.test(dockerfile) && healthcheck === undefined;
      assert.ok(own || (healthcheck?.test && healthcheck.interval && healthcheck.timeout && healthcheck.retries), `${name} says nothing`);
    }
  });

  it('names in addresses only services that are there, on the ports they listen on', () => {
    const listening: Record<string, number> = { ...ports, postgres: 5432, rabbitmq: 5672, redis: 6379 };
    const values = Object.values(compose.services).flatMap(({ environment = {} }) => Object.values(environment));
    const addresses = values.flatMap((value) => [...value.matchAll(/^(?:https?|amqp|redis|postgres):\/\/(?:.*@)?([a-z]+):(\d+)/g)]);
    assert.ok(addresses.length > 15);
    for (const [address, host = '', port] of addresses)
      if (host in compose.services && !(host === 'rabbitmq' && port === '15672')) assert.equal(Number(port), listening[host], address);
      else assert.ok(host in compose.services, `${address}: there is no service ${host}`);
  });

  it('runs Redis as its own user, with its password in no list of processes', () => {
    const { user, command = [] } = serviceOf('redis');
    assert.equal(user, 'redis');
    assert.deepEqual(command.slice(0, 2), ['sh', '-c']);
    // After "<<" everything goes to the standard input.
    assert.doesNotMatch(command[2]?.split('<<')[0] ?? '', /REDISCLI_AUTH|requirepass/);
    assert.match(command[2] ?? '', /requirepass \$\$REDISCLI_AUTH/);
  });

  it('names every image exactly', async () => {
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? []);
    const own = /^ARG NODE_IMAGE=(\S+)$/m.exec(await textOf('infrastructure/docker/Dockerfile'))?.[1] ?? '';
    for (const image of [...images, own]) assert.match(image.replace(/^(postgres):(\d+\.\d+)/, '$1:$2.0'), exactTag, image);
    assert.match(own, new RegExp(`^docker\\.io/library/node:${(await textOf('.node-version')).trim().replaceAll('.', '\\.')}`));
  });

  it('hardens every container: read-only, without privileges, as somebody other than root, within limits', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      assert.deepEqual(
        [service.privileged, service.read_only, service.cap_drop, service.cap_add],
        [undefined, true, ['ALL'], undefined],
        name,
      );
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.ok(service.tmpfs?.includes('/tmp'), name);
      assert.match(service.mem_limit ?? '', /^\d+[mg]$/, name);
      assert.ok((service.pids_limit ?? 0) > 0, name);
      // The image of a service names its user itself.
      if (!service.build) assert.match(service.user ?? '', /^(?!root|0\b)[a-z0-9]+(:\d+)?$/, name);
    }
  });

  it('stays on one page', () => assert.ok(text.split('\n').length <= 320));
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, stat } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ServiceName, serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import { parse } from 'yaml';
import { type Compose, type ComposeService, mountedPaths, readCompose, root, textOf, variableUses } from './_compose.ts';

const ports: Readonly<Record<ServiceName, number>> = {
  gateway: 8000,
  users: 8001,
  products: 8002,
  orders: 8003,
  notifications: 8004,
  inventory: 8005,
  payments: 8006,
};
const exactTag = /^[a-z0-9._/-]+:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/;
const secretName = /PASSWORD|PASS$|TOKEN|SECRET|REDISCLI_AUTH/;
const run = promisify(execFile);

let compose: Compose;
let text: string;

const serviceOf = (name: string): ComposeService => required(compose.services[name], `service ${name}`);

/** What `souk env` writes, as variables. */
async function madeVariables(): Promise<Map<string, string>> {
  const main = fileURLToPath(new URL('tools/cli/src/main.ts', root));
  const { stdout } = await run(process.execPath, [main, 'env', '--print']);
  return new Map([...stdout.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

interface DocumentedVariable {
  variable: string;
  required: boolean;
  /** `all`, or names by commas. */
  services: string;
}

/** What docs/reference/environment.md says, which is generated from the configuration of the services. */
async function documentedVariables(): Promise<DocumentedVariable[]> {
  const lines = (await textOf('docs/reference/environment.md')).split('\n');
  let heading = '';
  return lines.flatMap((line) => {
    heading = /^## (.*)$/.exec(line)?.[1] ?? heading;
    const [, variable = '', , value = '', , services = heading] =
      /^\| `([A-Z_]+)` \|(.*?)\|(.*?)\|(.*?)\|(?: ([a-z, ]+) \|)?$/.exec(line) ?? [];
    return variable === '' ? [] : [{ variable, required: value.includes('required'), services }];
  });
}

describe('compose.yaml', () => {
  before(async () => {
    compose = await readCompose();
    text = await textOf('compose.yaml');
  });

  it('holds the gateway and the six services, each on the port everybody knows', () => {
    for (const name of serviceNames) {
      const { ports: opened = [], environment = {}, build } = serviceOf(name);
      assert.deepEqual(opened, [`\${BIND_ADDRESS:-127.0.0.1}:${ports[name]}:${ports[name]}`], name);
      assert.equal(environment['PORT'], String(ports[name]), name);
      assert.equal(environment['ADVERTISE_HOST'], name);
      assert.equal(build?.args['SERVICE'], name);
      assert.equal(environment[`${name.toUpperCase()}_URL`] ?? environment['GATEWAY_URL'], `http://${name}:${ports[name]}`);
    }
  });

  it('opens no port to the world unless BIND_ADDRESS says so, and none twice', () => {
    const opened = Object.values(compose.services).flatMap(({ ports: each = [] }) => each);
    for (const port of opened) assert.match(port, /^\$\{BIND_ADDRESS:-127\.0\.0\.1\}:\d+:\d+$/);
    assert.equal(new Set(opened).size, opened.length);
  });

  it('gives each service its own database and nobody else any', () => {
    const databases = serviceNames.flatMap((name) => serviceOf(name).environment?.['DATABASE_URL'] ?? []);
    assert.equal(databases.length, 6);
    for (const name of serviceNames.filter((each) => each !== 'gateway'))
      assert.match(
        serviceOf(name).environment?.['DATABASE_URL'] ?? '',
        new RegExp(`^postgres://${name}:\\$\\{${name.toUpperCase()}_DATABASE_PASSWORD:\\?.*\\}@postgres:5432/${name}$`),
      );
    assert.equal(serviceOf('gateway').environment?.['DATABASE_URL'], undefined);
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
    for (const name of serviceNames.filter((each) => each !== 'gateway'))
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

  it('gives each service the variables it requires, and none that it does not know or that are not documented', async () => {
    const documented = await documentedVariables();
    const addresses = serviceNames.map((name) => `${name.toUpperCase()}_URL`);
    for (const name of serviceNames) {
      const given = new Set(Object.keys(serviceOf(name).environment ?? {}));
      const known = documented.filter(({ services }) => services === 'all' || services.split(', ').includes(name));
      for (const { variable, required: isRequired } of known) if (isRequired) assert.ok(given.has(variable), `${name} lacks ${variable}`);
      const names = new Set([...known.map(({ variable }) => variable), ...addresses]);
      for (const variable of given) assert.ok(names.has(variable), `${name} is given ${variable}, which nothing documents`);
      for (const variable of ['AMQP_URL', 'REDIS_URL']) assert.ok(given.has(variable), `${name} is in the distributed world: ${variable}`);
    }
  });

  it('lets every server that goes on say whether it is well, and starts it again when it ends', async () => {
    const dockerfile = await textOf('infrastructure/docker/Dockerfile');
    for (const [name, { healthcheck, build, restart }] of Object.entries(compose.services)) {
      const once = restart === 'on-failure';
      assert.ok(once || restart === 'unless-stopped', `${name}: restart ${restart}`);
      // These have no program to ask with, and nobody waits for them: Prometheus and the services tell when they are away.
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

  it('uses only variables that souk env writes, and all of them', async () => {
    const made = await madeVariables();
    const used = new Set(variableUses(text).map(({ name }) => name));
    assert.deepEqual([...used].sort(), [...made.keys()].sort());
  });

  it('has no password of its own: each comes from .env, is refused when missing, and is random there', async () => {
    const made = await madeVariables();
    const again = await madeVariables();
    const names = variableUses(text).filter(({ name }) => secretName.test(name));
    assert.ok(names.length > 15);
    for (const { name, form, rest } of names) {
      assert.equal(form, ':?', `${name} must be refused when it is missing`);
      assert.equal(rest, 'run npm run souk -- env');
      assert.match(made.get(name) ?? '', /^[A-Za-z0-9_-]{32,}$/, name);
      assert.notEqual(made.get(name), again.get(name), `${name} is the same each time`);
    }
    for (const [service, { environment = {} }] of Object.entries(compose.services))
      for (const [variable, value] of Object.entries(environment))
        if (secretName.test(variable)) assert.match(value, /^\$\{[A-Z_]+:\?[^}]+\}$/, `${service}: ${variable} holds a fixed value`);
    // In addresses, what stands between the user and the host.
    for (const [, password = ''] of text.matchAll(/:\/\/[a-z]*:([^@\s]+)@/g)) assert.match(password, /^\$\{[A-Z_]+:\?[^}]+\}$/);
  });

  it('names every image exactly', async () => {
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? []);
    const own = /^ARG NODE_IMAGE=(\S+)$/m.exec(await textOf('infrastructure/docker/Dockerfile'))?.[1] ?? '';
    for (const image of [...images, own]) assert.match(image.replace(/^(postgres):(\d+\.\d+)/, '$1:$2.0'), exactTag, image);
    assert.match(own, new RegExp(`^docker\\.io/library/node:${(await textOf('.node-version')).trim().replaceAll('.', '\\.')}`));
  });

  it('runs the services without privileges, and on one page', () => {
    for (const name of serviceNames) {
      const service = serviceOf(name) as ComposeService & { cap_drop?: string[]; read_only?: boolean; security_opt?: string[] };
      assert.deepEqual([service.privileged, service.read_only, service.cap_drop], [undefined, true, ['ALL']], name);
    }
    assert.ok(text.split('\n').length <= 240);
  });
});

describe('the Dockerfile', () => {
  let lines: string[];
  before(async () => {
    lines = (await textOf('infrastructure/docker/Dockerfile')).split('\n').filter((line) => !line.startsWith('#') && line.trim() !== '');
  });
  const lastStage = (): string[] => lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  it('ends as somebody other than root, with a health check and a command that gets signals itself', () => {
    const stage = lastStage();
    assert.deepEqual(
      stage.filter((line) => line.startsWith('USER ')),
      ['USER node'],
    );
    assert.ok(stage.findIndex((line) => line.startsWith('USER ')) > stage.findLastIndex((line) => line.startsWith('RUN ')));
    assert.equal(stage.filter((line) => line.startsWith('HEALTHCHECK ')).length, 1);
    assert.equal(stage.at(-1), 'CMD ["node", "src/main.ts"]');
  });

  it('brings nothing from the network but the packages of the lock file, without their scripts and without development', () => {
    assert.ok(
      lines.every((line) => !/^ADD\b|curl|wget|apt-get|https?:/.test(line)),
      lines.join('\n'),
    );
    const installs = lines.filter((line) => /\bnpm (ci|install|i)\b/.test(line));
    assert.equal(installs.length, 1);
    for (const word of ['--no-save', '--omit=dev', '--ignore-scripts']) assert.ok(installs[0]?.includes(word), word);
  });

  it('holds no secret, and copies only what is there', async () => {
    assert.ok(lines.every((line) => !/(PASSWORD|TOKEN|SECRET)/.test(line)));
    for (const line of lines.filter((each) => each.startsWith('COPY ') && !each.includes('--from=') && each !== 'COPY . .'))
      for (const source of line.split(/\s+/).slice(1, -1)) await access(new URL(source, root));
  });

  it('never sees .env, data or installed packages', async () => {
    const ignored = (await textOf('.dockerignore')).split('\n');
    for (const pattern of ['**/.env', '**/.souk', '**/node_modules', '**/.git']) assert.ok(ignored.includes(pattern), pattern);
  });
});

describe('the files of the composed system', () => {
  it('make one database for each service, with passwords from the environment', async () => {
    const script = await textOf('infrastructure/postgres/make-databases.sh');
    assert.match(script, /for service in users products orders notifications inventory payments;/);
    await run('sh', ['-n', fileURLToPath(new URL('infrastructure/postgres/make-databases.sh', root))]);
    assert.ok(((await stat(new URL('infrastructure/postgres/make-databases.sh', root))).mode & 0o111) !== 0, 'it can be run');
  });

  it('define the exchange of all events, and no user or password', async () => {
    const definitions = JSON.parse(await textOf('infrastructure/rabbitmq/definitions.json')) as Record<
      string,
      { name: string; type?: string; durable?: boolean }[]
    >;
    assert.deepEqual(Object.keys(definitions).sort(), ['exchanges', 'vhosts']);
    assert.deepEqual(
      definitions['exchanges']?.map(({ name, type, durable }) => [name, type, durable]),
      [['events', 'topic', true]],
    );
  });

  it('let Redis keep its data and hold no password', async () => {
    const settings = await textOf('infrastructure/redis/redis.conf');
    assert.match(settings, /^appendonly yes$/m);
    assert.match(settings, /^dir \/data$/m);
    assert.doesNotMatch(settings, /^\s*(requirepass|masterauth|user) /m);
  });

  it('give Grafana the source that the dashboards name, and the dashboards', async () => {
    const provisioning = 'infrastructure/monitoring/grafana/provisioning';
    const { datasources } = parse(await textOf(`${provisioning}/datasources/prometheus.yml`)) as {
      datasources: { uid: string; url: string }[];
    };
    assert.deepEqual(
      datasources.map(({ uid, url }) => [uid, url]),
      [['prometheus', 'http://prometheus:9090']],
    );
    const { providers } = parse(await textOf(`${provisioning}/dashboards/souk.yml`)) as { providers: { options: { path: string } }[] };
    const mounts = serviceOf('grafana').volumes ?? [];
    for (const { options } of providers)
      assert.ok(
        mounts.some((mount) => mount.endsWith(`:${options.path}:ro`)),
        options.path,
      );
  });
});

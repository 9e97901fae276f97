/** The files that images and third-party containers of the composed system are made of or mount. */
import assert from 'node:assert/strict';
import { access, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dataServices } from '@souk/contracts';
import { parse } from 'yaml';
import { readCompose, root, run, textOf } from './_compose.ts';

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
    assert.equal(stage.at(-1), 'CMD ["sh", "/souk/infrastructure/docker/start.sh"]');
    const copied = stage.find((line) => line.startsWith('COPY ') && line.endsWith(' infrastructure/docker/')) ?? '';
    for (const file of ['start.sh', 'node-flags', 'health.mjs']) assert.ok(copied.includes(` infrastructure/docker/${file} `), file);
  });

  it('brings nothing from the network but the packages of the lock file, without their scripts and without development', () => {
    assert.ok(
      lines.every((line) => !/^ADD\b|curl|wget|apt-get|https?:/.test(line)),
      lines.join('\n'),
    );
    const installs = lines.filter((line) => /\bnpm (ci|install|i)\b/.test(line));
    assert.equal(installs.length, 2, 'the packages of the service, and those that the console is built with');
    for (const install of installs)
      for (const word of ['--no-save', '--omit=dev', '--ignore-scripts']) assert.ok(install.includes(word), `${word}: ${install}`);
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

describe('the command of an image', () => {
  const start = fileURLToPath(new URL('infrastructure/docker/start.sh', root));
  let place: string;

  /** What the script becomes, shown by a program that is called like Node. */
  const started = async (env: Record<string, string>): Promise<string[]> => {
    const { stdout } = await run('sh', [start], { cwd: place, env: { PATH: `${place}:/usr/bin:/bin`, ...env } });
    return stdout.trimEnd().split('\n');
  };

  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'souk-start-'));
    await writeFile(join(place, 'node'), '#!/bin/sh\nprintf "%s\\n" "$ADVERTISE_HOST" "$@"\n', { mode: 0o755 });
  });
  after(() => rm(place, { recursive: true, force: true }));

  it('becomes Node with the flags that npm run up gives to a service', async () => {
    const [, ...args] = await started({ HOSTNAME: 'localhost' });
    const flags = (await textOf('infrastructure/docker/node-flags')).split('\n').filter((line) => line.startsWith('--'));
    assert.ok(flags.length >= 3);
    assert.deepEqual(args, [...flags, 'src/main.ts']);
    await run(process.execPath, [...flags, '--eval', '']);
  });

  it('registers under the address of its own container, unless ADVERTISE_HOST says another', async () => {
    assert.deepEqual((await started({ HOSTNAME: 'localhost' }))[0], '127.0.0.1');
    assert.deepEqual((await started({ HOSTNAME: '10.1.2.3', ADVERTISE_HOST: '' }))[0], '10.1.2.3');
    assert.deepEqual((await started({ HOSTNAME: 'localhost', ADVERTISE_HOST: 'orders.internal' }))[0], 'orders.internal');
  });

  it('starts even where its own name has no address', async () => {
    assert.deepEqual((await started({ HOSTNAME: 'no-such-host.invalid' }))[0], '');
  });
});

describe('the files of the composed system', () => {
  it('make one database for each service, with passwords from the environment', async () => {
    const script = await textOf('infrastructure/postgres/make-databases.sh');
    assert.match(script, new RegExp(`for service in ${dataServices.join(' ')};`));
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
    const mounts = (await readCompose()).services['grafana']?.volumes ?? [];
    for (const { options } of providers)
      assert.ok(
        mounts.some((mount) => mount.endsWith(`:${options.path}:ro`)),
        options.path,
      );
  });
});

import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { dataServices, serviceNames } from '@souk/contracts';
import { findFreePorts } from '@souk/kernel/ports';
import { needPrograms, rabbitProgram, redisProgram } from '../src/infrastructure/programs.ts';
import { fixedPorts, freePortsNeeded, planInstances } from '../src/plan/processes.ts';
import { parseReplicas } from '../src/plan/replicas.ts';
import { needFree } from '../src/processes/free-ports.ts';
import { createLinePrinter } from '../src/processes/log-lines.ts';

const database_urls = Object.fromEntries(dataServices.map((name) => [name, `postgres://${name}@db/${name}`])) as Record<
  (typeof dataServices)[number],
  string
>;

function aPlan(text: string, env: Record<string, string> = {}) {
  const replicas = parseReplicas(text);
  return planInstances({
    replicas,
    port_base: 9_000,
    free_ports: [21_001, 21_002, 21_003],
    home: '/home/shop',
    internal_token: 'token',
    database_urls,
    amqp_url: 'amqp://broker',
    redis_url: 'redis://cache',
    env,
  });
}

describe('--replicas', () => {
  it('means one of each where nothing is said', () => {
    assert.deepEqual(parseReplicas('orders=2, gateway=3'), {
      gateway: 3,
      users: 1,
      products: 1,
      orders: 2,
      notifications: 1,
      inventory: 1,
      payments: 1,
      operations: 1,
      web: 1,
    });
  });

  it('refuses what is no service, no number, too many or said twice', () => {
    for (const [text, words] of [
      ['order=2', /there is no service "order"; there are gateway/],
      ['orders', /orders= must be a number from 1 to 16/],
      ['orders=0', /must be a number from 1/],
      ['orders=17', /must be a number from 1 to 16/],
      ['orders=two', /must be a number/],
      ['orders=2,orders=3', /orders is named twice/],
    ] as const)
      assert.throws(() => parseReplicas(text), words, text);
  });
});

describe('the plan of the distributed world', () => {
  it('has one process for each service on the ports everybody knows', () => {
    const plan = aPlan('');
    assert.deepEqual(
      plan.map(({ service }) => service),
      serviceNames,
    );
    assert.deepEqual(
      plan.map(({ port }) => port),
      [9_000, 9_001, 9_002, 9_003, 9_004, 9_005, 9_006, 9_007, 9_008],
    );
  });

  it('puts further gateways at base + 10 and on, further replicas on free ports, and tells every gateway to all', () => {
    const plan = aPlan('orders=2,inventory=3,gateway=3');
    const portsOf = (service: string): number[] => plan.filter((each) => each.service === service).map(({ port }) => port);
    assert.deepEqual(portsOf('gateway'), [9_000, 9_010, 9_011]);
    assert.deepEqual(portsOf('orders'), [9_003, 21_001]);
    assert.deepEqual(portsOf('inventory'), [9_005, 21_002, 21_003]);
    assert.equal(freePortsNeeded(parseReplicas('orders=2,inventory=3,gateway=3')), 3);
    assert.deepEqual(fixedPorts(parseReplicas('gateway=2'), 9_000), [9_000, 9_010, 9_001, 9_002, 9_003, 9_004, 9_005, 9_006, 9_007, 9_008]);
    for (const { env } of plan) assert.equal(env['GATEWAY_URL'], 'http://127.0.0.1:9000,http://127.0.0.1:9010,http://127.0.0.1:9011');
  });

  it('gives each process its own name, port, state folder and database, and the same brokers to all', () => {
    const plan = aPlan('orders=2', { PORT: '1', DATABASE_URL: 'postgres://wrong', BROKER_URL: 'postgres://wrong', RATE_LIMIT: 'off' });
    const second = plan.find(({ name }) => name === 'orders-2')?.env ?? {};
    assert.deepEqual(
      [second['PORT'], second['INSTANCE_ID'], second['STATE_FOLDER'], second['DATABASE_URL'], second['BROKER_URL'], second['RATE_LIMIT']],
      ['21001', 'orders-2', join('/home/shop', 'orders-2'), 'postgres://orders@db/orders', undefined, 'off'],
    );
    for (const service of ['gateway', 'operations', 'web'])
      assert.equal(plan.find((each) => each.service === service)?.env['DATABASE_URL'], undefined, service);
    assert.equal(new Set(plan.map(({ env }) => env['INSTANCE_ID'])).size, plan.length);
    assert.ok(plan.every(({ env }) => env['AMQP_URL'] === 'amqp://broker' && env['REDIS_URL'] === 'redis://cache'));
  });
});

describe('ports', () => {
  it('are given out only when free, and a taken one is named', async () => {
    const [port = 0] = await findFreePorts(1, []);
    const holder = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    assert.equal((await findFreePorts(1, [])).includes(port), false);
    await assert.rejects(needFree([port]), new RegExp(`Port ${port} taken by another program`));
    await new Promise((resolve) => holder.close(resolve));
    await needFree([port]);
  });
});

describe('programs of the machine', () => {
  it('that are missing are named together, with the command that installs them and the variables instead', async () => {
    const absent = [
      { ...rabbitProgram, program: 'no-such-rabbit' },
      { ...redisProgram, program: 'no-such-redis' },
    ];
    await assert.rejects(
      needPrograms(absent, '', 'linux'),
      /no-such-rabbit and no-such-redis cannot be found\. Install with: sudo apt-get install rabbitmq-server redis-server\s+.*AMQP_URL and REDIS_URL/,
    );
    await assert.rejects(needPrograms(absent.slice(0, 1), '', 'darwin'), /brew install rabbitmq\n/);
  });

  it('are found in the PATH', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'souk-path-'));
    const place = join(folder, 'souk-test-server');
    await writeFile(place, '#!/bin/sh\n');
    await chmod(place, 0o755);
    assert.deepEqual(await needPrograms([{ ...redisProgram, program: 'souk-test-server' }], `/nowhere:${folder}`), [place]);
    await rm(folder, { recursive: true });
  });
});

describe('the lines of many processes', () => {
  const printed = (text: string, options: { raw?: boolean; colours?: boolean } = {}): string => {
    let out = '';
    createLinePrinter({ write: (part) => (out += part), colours: false, name_width: 8, ...options }).lines('orders-1', text);
    return out;
  };

  it('become readable, with what the log line says beside its message', () => {
    const line = {
      level: 'warn',
      time: '2026-03-01T12:00:01.234Z',
      service: 'orders',
      instance_id: 'orders-1',
      queue: 'orders.checkout',
      msg: 'a letter died',
    };
    assert.equal(printed(JSON.stringify(line)), 'orders-1 │ 12:00:01.234 WARN  a letter died  queue=orders.checkout\n');
  });

  it('show the stack of an error, each line with the name in front', () => {
    const line = {
      level: 'error',
      time: '2026-03-01T12:00:01.234Z',
      msg: 'a bug',
      err: { message: 'boom', stack: 'Error: boom\n    at here' },
    };
    assert.equal(printed(JSON.stringify(line)), 'orders-1 │ 12:00:01.234 ERROR a bug  boom\norders-1 │       at here\n');
  });

  it('go through as they are where they are no log lines, without what would steer the terminal', () => {
    assert.equal(printed('config_invalid: \x1b[2Jno'), 'orders-1 │ config_invalid: no\n');
    assert.equal(printed('{"half'), 'orders-1 │ {"half\n');
    assert.equal(printed('{"level":"info"}', { raw: true }), '{"level":"info"}\n');
    assert.equal(printed('one\ntwo'), 'orders-1 │ one\norders-1 │ two\n');
    assert.equal(printed('one\ntwo', { raw: true }), 'one\ntwo\n');
  });
});

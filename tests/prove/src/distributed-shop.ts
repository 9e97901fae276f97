/** Each service in processes of its own, as `npm run up` has it, on a PostgreSQL, a RabbitMQ and a Redis that are reached through doors of ours. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portOffsets } from '@souk/contracts';
import { replaceFile } from '@souk/kernel/files';
import { claimPortBlock } from '@souk/kernel/ports';
import { type Servers, startServers } from '@souk/load/servers';
import { resumeAll, suspendAll } from '@souk/load/suspend';
import type { Machine, Network, Shop, ShopOptions } from './shop.ts';
import { createProgram, type Program, signal } from './shop-family.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

interface Running {
  name: string;
  service: string;
  url: string;
  pid: number | null;
}

const ports_in_block = 14;
/** Behind them other processes would do the same. */
const single: ReadonlySet<string> = new Set(['operations', 'web']);

export async function createDistributedShop({ env, keep, replicas }: ShopOptions): Promise<Shop> {
  const place = await mkdtemp(join(tmpdir(), 'souk-prove-'));
  await chmod(place, 0o755);
  const home = join(place, 'home');
  const port_base = await claimPortBlock(ports_in_block);
  const servers = await startServers(place);
  const doors = await openDoors(servers, join(place, 'doors.json'));
  const own = { ...servers.env, SOUK_HOME: home, PORT_BASE: String(port_base) };
  const counts = Object.keys(portOffsets).map((name) => `${name}=${single.has(name) ? 1 : replicas}`);
  const through = { ...process.env, ...own, ...doors.env, ...env };
  const program = createProgram(['up', '--replicas', counts.join(',')], through, { ...process.env, ...own });
  const running = async (): Promise<Running[]> =>
    (JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as { processes: Running[] }).processes;
  const gateways: string[] = [];
  return {
    home,
    gateways,
    accounts: gateways,
    async start() {
      if (!program.isRunning()) await program.start();
      const all = await running();
      await doors.openFor(all);
      const urls = all.filter(({ service }) => service === 'gateway').map(({ url }) => url);
      gateways.splice(0, gateways.length, ...urls);
    },
    machine: machineOf(program, servers, doors, running),
    servers: {
      async restartBroker(how) {
        if (how === 'kill') await servers.rabbit.kill();
        else await servers.rabbit.stop();
        await servers.rabbit.start();
      },
      async restartRedis() {
        await servers.redis.kill();
        await servers.redis.restart();
      },
    },
    network: doors.network,
    switches: undefined,
    souk: program.souk,
    said: program.said,
    stop: () => program.interrupt(),
    withDatabases: (read) => {
      const { orders, payments, inventory } = servers.database_urls;
      return read({ orders: orders as string, payments: payments as string, inventory: inventory as string });
    },
    async end() {
      await program.kill();
      await doors.close();
      await servers.close();
      if (!keep) await rm(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

function machineOf(program: Program, servers: Servers, doors: Doors, running: () => Promise<Running[]>): Machine {
  return {
    async processes() {
      return (await running()).flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }]));
    },
    kill: async ({ pid }) => signal(pid, 'SIGKILL'),
    async suspend({ pid }) {
      signal(pid, 'SIGSTOP');
      return () => signal(pid, 'SIGCONT');
    },
    async hurtDatabase(variant) {
      const root = servers.postgres.pid();
      if (root === undefined) return;
      if (variant === 'part') {
        // All of it hangs for a moment, as on a disk that does not answer.
        const suspended = await suspendAll(root);
        resumeAll(suspended);
        doors.cutDatabases();
        return;
      }
      signal(root, 'SIGQUIT');
    },
    async outage() {
      await program.kill();
      await Promise.all([servers.rabbit.kill(), servers.redis.kill()]);
      const root = servers.postgres.pid();
      if (root !== undefined) signal(root, 'SIGQUIT');
      await Promise.all([servers.rabbit.start(), servers.redis.restart()]);
    },
  };
}

interface Doors {
  /** The addresses of the servers, by way of the doors. */
  env: Record<string, string>;
  network: Network;
  /** One before each of the processes that has none yet, for the other services. */
  openFor(processes: readonly Running[]): Promise<void>;
  cutDatabases(): void;
  close(): Promise<void>;
}

async function openDoors({ env }: Servers, file: string): Promise<Doors> {
  const doors: { way: string; variable: string; proxy: TcpProxy }[] = [];
  const addresses: Record<string, string> = {};
  for (const [variable, address] of Object.entries(env)) {
    const url = new URL(address);
    const proxy = await openTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    addresses[variable] = url.href;
    doors.push({ way: wayOf(variable), variable, proxy });
  }
  const byPort: Record<string, number> = {};
  await writeFile(file, '{}');
  return {
    env: { ...addresses, SOUK_PROVE_DOORS: file },
    async openFor(processes) {
      for (const { name, url } of processes) {
        const port = Number(new URL(url).port);
        if (byPort[port] !== undefined) continue;
        const proxy = await openTcpProxy({ host: '127.0.0.1', port });
        byPort[port] = proxy.port;
        doors.push({ way: `the other services and ${name}`, variable: name, proxy });
      }
      await replaceFile(file, JSON.stringify(byPort));
    },
    network: {
      disturb(which, fault) {
        const { way, proxy } = doors[Math.floor(which * doors.length)] as (typeof doors)[number];
        return { way, ...proxy.disturb(fault) };
      },
    },
    cutDatabases() {
      for (const { variable, proxy } of doors) if (variable.endsWith('_DATABASE_URL')) proxy.disturb('cut').end();
    },
    close: async () => void (await Promise.all(doors.map(({ proxy }) => proxy.close()))),
  };
}

function wayOf(variable: string): string {
  if (variable === 'AMQP_URL') return 'the services and RabbitMQ';
  if (variable === 'REDIS_URL') return 'the services and Redis';
  const [name = ''] = variable.toLowerCase().split('_database_url');
  return `${name} and its database`;
}

/** The whole shop in one process with its own PostgreSQL, as `npm start` has it. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import type { Machine, Shop, ShopOptions } from './shop.ts';
import { createProgram, type Program, signal } from './shop-family.ts';

/** The gateway, the services, and room for more. */
const ports_in_block = 14;
/**
 * Connections. Not the startup process: PostgreSQL 18 whose startup process is killed while it recovers from a crash stays in recovery
 * until it is restarted.
 */
const backend = /^postgres: (?!startup|checkpointer|background|walwriter|autovacuum|logical|logger|io worker)/;

export async function createEmbeddedShop({ env, keep }: ShopOptions): Promise<Shop> {
  const home = await mkdtemp(join(tmpdir(), 'souk-prove-'));
  // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere.
  await chmod(home, 0o755);
  const port_base = await claimPortBlock(ports_in_block);
  const own = { SOUK_HOME: home, PORT_BASE: String(port_base) };
  const program = createProgram(['start'], { ...process.env, ...own, ...env }, { ...process.env, ...own });
  const start = async (): Promise<void> => {
    if (!program.isRunning()) await program.start();
  };
  const gateways = [`http://127.0.0.1:${port_base}`];
  return {
    home,
    gateways,
    accounts: gateways,
    start,
    machine: machineOf(program),
    servers: undefined,
    network: undefined,
    switches: undefined,
    souk: program.souk,
    said: program.said,
    stop: () => program.interrupt(),
    async withDatabases(read) {
      const postgres = await startEmbeddedPostgres({ home, log: silentLog });
      try {
        const [orders, payments, inventory] = await Promise.all(
          ['orders', 'payments', 'inventory'].map((name) => postgres.ensureDatabase(name)),
        );
        return await read({ orders: orders as string, payments: payments as string, inventory: inventory as string });
      } finally {
        await postgres.stop();
      }
    },
    async end() {
      await program.kill();
      if (!keep) await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

function machineOf(program: Program): Machine {
  return {
    processes: async () => [{ name: 'the shop', pid: program.pid() as number }],
    kill: async ({ pid }) => {
      signal(pid, 'SIGKILL');
      await program.interrupt();
    },
    async suspend({ pid }) {
      signal(pid, 'SIGSTOP');
      return () => signal(pid, 'SIGCONT');
    },
    async hurtDatabase(variant) {
      const backends = await program.pidsOf(backend);
      const [first] = backends;
      if (first === undefined) return;
      if (variant === 'whole') signal(first, 'SIGKILL');
      else for (const pid of backends) signal(pid, 'SIGTERM');
    },
    outage: () => program.kill(),
  };
}

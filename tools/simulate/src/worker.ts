/** A simulating process: makes its databases, then runs the plans that it is sent, one after the other. */
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { makeDatabases, type SimulatedDatabases } from './inside/databases.ts';
import { createConnections } from './inside/lent-connections.ts';
import { simulate } from './inside/run.ts';
import { buildSimulated } from './inside/shop.ts';
import { stage } from './inside/stage.ts';
import type { SimulatedService } from './plan.ts';
import { planOf } from './plan.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const [superuser_url = '', name = '', clock_file = ''] = process.argv.slice(2);

/** Nothing listens and nothing is sent while databases are brought up to date. */
async function migrate(service: SimulatedService, url: string): Promise<void> {
  const overrides = { clock: systemClock, ids: systemIds, log: silentLog, broker: {} as never };
  const built = buildSimulated(service, url, overrides, { deadline_ms: 60_000 });
  await built.migrate();
  await built.context.db.close();
}

function send(message: FromWorker): void {
  process.send?.(message);
}

async function answer({ plan, traced }: ToWorker, databases: SimulatedDatabases): Promise<void> {
  try {
    send({ kind: 'done', result: await simulate(plan, databases, traced) });
  } catch (error) {
    send({ kind: 'failed', seed: plan.seed, why: (error as Error).stack ?? String(error) });
  }
}

stage.connections = createConnections();
const databases = await makeDatabases(superuser_url, name, clock_file, migrate);
// The first run makes what services make once, such as partitions; every later one finds it there.
await simulate(planOf('first', { orders: 2, faults: 0 }), databases, false);
process.on('message', (message: ToWorker) => void answer(message, databases));
process.on('disconnect', () => process.exit());
send({ kind: 'ready' });

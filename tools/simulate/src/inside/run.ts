/** One run: a plan in a world of its own, until it has come to rest and is judged. */
import { faultsEnd, type Plan, simulatedServices } from '../plan.ts';
import { SimulatedBroker } from './broker.ts';
import { Customers } from './customers.ts';
import type { SimulatedDatabases } from './databases.ts';
import { Edges } from './edges.ts';
import { createReader, judge, type Verdict, type Violation } from './judge.ts';
import { createNeighbours } from './neighbours.ts';
import { createSimulatedProvider } from './provider.ts';
import { Sessions } from './sessions.ts';
import { Shop, virtualClock } from './shop.ts';
import { stage } from './stage.ts';
import { planFaults } from './strike.ts';
import { type Life, World } from './world.ts';

export interface RunResult {
  seed: string;
  violations: Violation[];
  /** Of everything that happened, in order. */
  digest: string;
  orders: number;
  acknowledged: number;
  virtual_ms: number;
  incidents: number;
  statements: number;
  lock_waits: number;
  deadlocks: number;
  messages: number;
  provider_calls: number;
  crashes: number;
  trace: string[];
}

const startedMs = Date.UTC(2027, 0, 12, 9);
/** How long after the last fault everything must have come to rest: longer than deadlines, leases and the longest pause between two attempts. */
const restMaxMs = 900_000;
const lookEveryMs = 2_000;

/** Runs a plan; `traced` keeps what happens as a trace. */
export async function simulate(plan: Plan, databases: SimulatedDatabases, traced: boolean): Promise<RunResult> {
  await databases.empty();
  const world = new World(plan.seed, startedMs, traced);
  const sessions = new Sessions(world, databases);
  const edges = new Edges(world);
  Object.assign(stage, { world, sessions, edges });
  try {
    return await within(plan, { world, sessions, edges }, databases);
  } finally {
    await world.as(world.outside, () => sessions.abandon());
    Object.assign(stage, { world: undefined, sessions: undefined, edges: undefined });
    for (const work of world.atEnd) work();
  }
}

interface Stage {
  world: World;
  sessions: Sessions;
  edges: Edges;
}

async function within(plan: Plan, { world, sessions, edges }: Stage, databases: SimulatedDatabases): Promise<RunResult> {
  const faults = planFaults(world, plan);
  const broker = new SimulatedBroker(world, faults.broker);
  const provider = createSimulatedProvider(world, databases.urlOf('payments'), virtualClock, faults.provider);
  const shop = new Shop({ world, databases, sessions, edges, broker, provider, deadline_ms: plan.deadline_ms });
  const neighbour: Life = { actor: 'neighbours', number: 1, alive: true };
  const neighbours = createNeighbours(world, neighbour, broker.for(neighbour), plan);
  const people: Life = { actor: 'people', number: 1, alive: true };
  const customers = new Customers({ world, edges, life: people, neighbours, plan });
  for (const service of simulatedServices) shop.start(service);
  world.plan(neighbour, 0, 'open', () => void neighbours.open());
  world.plan(people, 500, 'people come', () => customers.start());
  faults.strike(shop, sessions);

  const judged = judgeAtRest(world, { customers, faults_end_ms: faultsEnd(plan), broker, shop }, () =>
    judge(createReader(edges, neighbours), neighbours, customers.placed, plan.stock),
  );
  let verdict: Verdict | undefined;
  let failed: { error: unknown } | undefined;
  world.as(people, () => {
    judged().then(
      (answer) => {
        verdict = answer;
      },
      (error: unknown) => {
        failed = { error };
      },
    );
  });
  await world.runUntil(() => verdict !== undefined || failed !== undefined);
  if (failed !== undefined) throw failed.error;
  const { statements, lock_waits, deadlocks } = sessions.counts();
  return {
    seed: plan.seed,
    violations: verdict?.violations ?? [{ rule: 'stopped', detail: 'nothing goes on, and nothing was judged' }],
    digest: world.digest(),
    orders: verdict?.orders ?? 0,
    acknowledged: customers.placed.filter(({ acknowledged }) => acknowledged.size > 0).length,
    virtual_ms: Math.round(world.elapsed_ms),
    incidents: world.incidents,
    ...{ statements, lock_waits, deadlocks },
    messages: broker.published,
    provider_calls: provider.calls(),
    crashes: shop.crashes,
    trace: world.trace,
  };
}

interface RestParts {
  customers: Customers;
  faults_end_ms: number;
  broker: { isEmpty(): boolean };
  shop: Shop;
}

/** Waits until faults have ended, people want nothing and nothing is under way; then judges, and again while something is. */
function judgeAtRest(
  world: World,
  { customers, faults_end_ms, broker, shop }: RestParts,
  look: () => Promise<Verdict>,
): () => Promise<Verdict> {
  const wait = (delay_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay_ms));
  return async () => {
    await wait(faults_end_ms);
    for (;;) {
      await wait(lookEveryMs);
      const late = world.elapsed_ms > faults_end_ms + restMaxMs;
      if (!late && !(customers.isDone() && broker.isEmpty() && (await shop.settled()))) continue;
      const verdict = await look();
      if (verdict.violations.length > 0 || verdict.unsettled.length === 0) return verdict;
      if (late) return { ...verdict, violations: verdict.unsettled.map((detail) => ({ rule: 'not_at_rest', detail })) };
    }
  };
}

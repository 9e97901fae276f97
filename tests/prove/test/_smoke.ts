/** A short run of the proof, with a plan of its own each time; the seed is printed. */
import type { TestContext } from 'node:test';
import type { ChaosKind, WorldName } from '../src/options.ts';
import { type Outcome, runProof } from '../src/run.ts';
import { sabotages } from '../src/sabotage.ts';

const limitMs = 200_000;

export async function runSmoke(t: TestContext, world: WorldName, chaos: readonly ChaosKind[], sabotage?: string): Promise<Outcome> {
  const seed = `smoke.${Math.floor(Math.random() * 1e6)}`;
  const lines: string[] = [];
  const sold = { codes: 6, parcels: true, returns: true, provider: world === 'embedded' ? 'stripe' : 'sandbox' } as const;
  const options = {
    ...{ buyers: 12, stock: 8, seconds: 6, replicas: 1, attach: false, json: false, keep: false, sabotage, world, chaos, seed },
    ...sold,
  };
  const edits = sabotages.find(({ name }) => name === sabotage)?.edits ?? [];
  try {
    const say = (line: string): void => void lines.push(line);
    const outcome = await runProof(options, { edits, say, interrupted: AbortSignal.timeout(limitMs), env: process.env });
    t.diagnostic(
      `seed ${seed}: ${outcome.requests} requests, ${outcome.acknowledged} orders, ${outcome.violations.length} violations, ${outcome.books}`,
    );
    return outcome;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${lines.join('\n')}`, { cause: error });
  }
}

/** A shop that runs already, as a user started it: proved beside what it has, with the faults that its switches allow, and left as it was. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { claimPortBlock } from '@souk/kernel/ports';
import type { ProveOptions } from '../src/options.ts';
import { type Outcome, runProof } from '../src/run.ts';
import { createProgram, type Program } from '../src/shop-family.ts';

const token = 'a token for the switches';
const limitMs = 150_000;

describe('a running shop', () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  let program: Program;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'souk-attach-'));
    await chmod(home, 0o755);
    env = {
      ...process.env,
      SOUK_HOME: home,
      PORT_BASE: String(await claimPortBlock(14)),
      CHAOS_TOKEN: token,
      PASSWORD_MEMORY_KIB: '64',
      RATE_LIMIT_WRITE_MAX: '600',
      SOUK_BENCH: '1',
    };
    program = createProgram(['start'], env, env);
    await program.start();
  });
  after(async () => {
    await program?.interrupt();
    await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  const prove = async (more: Partial<ProveOptions>, of: NodeJS.ProcessEnv = env): Promise<{ outcome: Outcome; lines: string[] }> => {
    const lines: string[] = [];
    const sold = { codes: 0, parcels: true, returns: true, provider: 'sandbox' } as const;
    const options = {
      ...sold,
      buyers: 6,
      stock: 5,
      seconds: 6,
      chaos: ['switches'],
      world: 'embedded',
      replicas: 1,
      sabotage: undefined,
    } as const;
    const outcome = await runProof(
      { ...options, seed: `attach.${Math.floor(Math.random() * 1e6)}`, attach: true, json: false, keep: false, ...more },
      { edits: [], say: (line) => void lines.push(line), interrupted: AbortSignal.timeout(limitMs), env: of },
    );
    return { outcome, lines };
  };
  const catalogue = async (): Promise<string[]> => {
    const { gateway_url } = JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as { gateway_url: string };
    const products = (await (await fetch(`${gateway_url}/api/products?limit=100&sort=name`)).json()) as { id: string }[];
    return products.map(({ id }) => id);
  };

  it('is proved with orders of the proof alone, and goes on with what it had', async (t) => {
    const before_it = await catalogue();
    const { outcome, lines } = await prove({});
    t.diagnostic(`seed ${outcome.seed}: ${outcome.acknowledged} orders, ${outcome.injected.map(({ what }) => what).join('; ')}`);
    assert.deepEqual(outcome.violations, []);
    assert.ok(outcome.acknowledged >= 5, `${outcome.acknowledged} orders were acknowledged`);
    assert.ok(outcome.injected.length > 0 && outcome.injected.every(({ kind }) => kind === 'switches'), JSON.stringify(outcome.injected));
    assert.ok(lines.includes('products are taken out and customers erased'), lines.join('\n'));
    assert.equal(program.isRunning(), true);
    assert.deepEqual(await catalogue(), before_it);
  });

  it('refuses faults to one who has another token, before anything is made', async () => {
    await assert.rejects(prove({}, { ...env, CHAOS_TOKEN: 'not the token of it' }), /answers 40\d to this CHAOS_TOKEN/);
  });

  it('is missed with a sentence where none runs', async () => {
    await assert.rejects(prove({}, { ...env, SOUK_HOME: join(home, 'none') }), /No shop is running in .*none/);
  });
});

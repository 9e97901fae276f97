/** The payment provider of a run: the sandbox with its own record on PostgreSQL, a company of its own that no crash of the shop reaches, at the end of a bad line. */
import { type Clock, silentLog } from '@souk/kernel';
import type { PaymentProvider } from '@souk/payments';
import { createSandboxProvider } from '@souk/payments/clients/sandbox-provider';
import { openDatabase } from '@souk/postgres';
import type { Life, Window, World } from './world.ts';

type ProviderFault = 'provider_away' | 'provider_silent' | 'provider_late' | 'provider_twice';

export interface ProviderFaults {
  windows: readonly (Window & { kind: ProviderFault })[];
}

export interface SimulatedProvider {
  /** The provider as this life of payments reaches it. */
  for(life: Life): PaymentProvider;
  calls(): number;
}

/** What the auditor asks for, and no trace needs. */
const auditing = 'statement';
const lateFirstMs = 4_000;
const lateSpreadMs = 10_000;

export function createSimulatedProvider(world: World, database_url: string, clock: Clock, faults: ProviderFaults): SimulatedProvider {
  const life: Life = { actor: 'provider', number: 1, alive: true };
  const timer = {
    after: (delay_ms: number, work: () => void) => {
      const incident = world.plan(life, delay_ms, 'timer', work);
      return () => {
        incident.cancelled = true;
      };
    },
  };
  const inner = world.as(life, () => {
    const db = openDatabase({ url: database_url, application_name: 'souk sandbox provider', pool_max: 2, log: silentLog });
    return createSandboxProvider({ db, clock, timer, webhook_secret: undefined });
  });
  let calls = 0;

  const faultNow = (): ProviderFault | undefined =>
    faults.windows.find(({ from_ms, to_ms }) => world.elapsed_ms >= from_ms && world.elapsed_ms < to_ms)?.kind;

  const over = <T>(caller: Life, name: string, call: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      calls += 1;
      const fault = faultNow();
      const answer = (work: () => void): void => void world.plan(caller, world.duration('provider', 'answers'), `answer of ${name}`, work);
      const late_ms = fault === 'provider_late' ? lateFirstMs + world.draw('provider late') * lateSpreadMs : 0;
      const isLost = fault === 'provider_silent' || fault === 'provider_late';
      if (name !== auditing)
        world.note(() => `payments asks the provider: ${name}${fault === undefined ? '' : ` (${fault.replace('provider_', '')})`}`);
      world.plan(life, world.duration('provider', 'calls') + late_ms, name, () => {
        if (fault === 'provider_away') return answer(() => reject(new Error('the provider is away')));
        const called = fault === 'provider_twice' ? Promise.all([call(), call()]).then(([first]) => first) : call();
        called.then(
          (value) => {
            if (name !== auditing)
              world.note(() => `  the provider did ${name}: ${JSON.stringify(value) ?? 'done'}${isLost ? ', and nobody hears of it' : ''}`);
            if (!isLost) answer(() => resolve(value));
          },
          (error: unknown) => {
            if (!isLost) answer(() => reject(error));
          },
        );
      });
    });

  return {
    for: (caller) => ({
      ...inner,
      charge: (request) => over(caller, `charge …${request.reference.slice(-6)}`, () => inner.charge(request)),
      abandon: (key) => over(caller, `abandon …${key.slice(-6)}`, () => inner.abandon(key)),
      find: (key) => over(caller, `find …${key.slice(-6)}`, () => inner.find(key)),
      refund: (request) => over(caller, `refund …${request.idempotency_key.slice(-6)}`, () => inner.refund(request)),
      statement: (after, limit, known) => over(caller, auditing, () => inner.statement(after, limit, known)),
      close: async () => undefined,
    }),
    calls: () => calls,
  };
}

/** The faults of a plan, put where they strike. */
import { faultText, type Plan, strikeWithinMs } from '../plan.ts';
import type { BrokerFaults } from './broker.ts';
import type { ProviderFaults } from './provider.ts';
import type { Sessions } from './sessions.ts';
import type { Shop } from './shop.ts';
import type { Window, World } from './world.ts';

export interface PlannedFaults {
  broker: BrokerFaults;
  provider: ProviderFaults;
  /** From now on crashes and lost connections strike when their moment comes. */
  strike(shop: Shop, sessions: Sessions): void;
}

export function planFaults(world: World, { faults }: Plan): PlannedFaults {
  const ofKind = <K extends string>(...kinds: readonly K[]) =>
    faults.filter((fault): fault is Extract<(typeof faults)[number], { kind: K }> => (kinds as readonly string[]).includes(fault.kind));
  world.slow = [
    ...ofKind('slow').map(({ service, ...window }) => ({ actor: service, ...window })),
    ...ofKind('reorder').map(({ queue, ...window }) => ({ actor: `queue ${queue}`, ...window })),
  ];
  for (const fault of faults)
    world.plan(world.outside, startOf(fault), 'fault', () => world.note(() => `FAULT from now on: ${faultText(fault)}`));
  return {
    broker: {
      outages: ofKind('broker_away'),
      unconfirmed: ofKind('unconfirmed'),
      held: ofKind('hold'),
      repeated: ofKind('repeat'),
      unacknowledged: ofKind('unacknowledged'),
    },
    provider: { windows: ofKind('provider_away', 'provider_silent', 'provider_late', 'provider_twice') as ProviderFaults['windows'] },
    strike(shop, sessions) {
      const armed = ofKind('crash', 'disconnect').map((fault) => ({ fault, left: fault.after_statements }));
      world.onStatement = (life) => {
        for (const one of armed) {
          const { fault } = one;
          const since_ms = world.elapsed_ms - fault.at_ms;
          if (one.left === 0 || fault.service !== life.actor || since_ms < 0 || since_ms > strikeWithinMs) continue;
          one.left -= 1;
          if (one.left > 0) continue;
          // Before anything else happens: what it has just asked the database is done there, and it does not know.
          world.plan(world.outside, 0, fault.kind, () => {
            if (fault.kind === 'crash') return shop.crash(fault.service, fault.down_ms);
            world.note(() => `${fault.service} loses its connections to the database`);
            const now = shop.life(fault.service);
            return now?.alive ? sessions.cut(now) : undefined;
          });
        }
      };
    },
  };
}

function startOf(fault: Window | { at_ms: number }): number {
  return 'at_ms' in fault ? fault.at_ms : fault.from_ms;
}

/** Since when each trouble is there, and which are over. */
import type { PlatformStatus, StatusWord, Trouble } from '@souk/contracts';
import type { FoundTrouble } from './find-troubles.ts';
import type { Picture } from './platform-picture.ts';

export interface RememberedTrouble extends FoundTrouble {
  began_ms: number;
  at_least: boolean;
}

export interface TroubleMemory {
  /** Of the first look; undefined before. */
  began_ms: number | undefined;
  /** All has been well at some look. */
  settled: boolean;
  troubles: ReadonlyMap<string, RememberedTrouble>;
  past: readonly { title: string; since_ms: number; until_ms: number }[];
}

export const noMemory: TroubleMemory = { began_ms: undefined, settled: false, troubles: new Map(), past: [] };

const pastMax = 10;
const pastKeptMs = 3_600_000;
/** A platform that starts is in trouble for a moment: worth a line only when it lasts. */
const startLastsMs = 60_000;
/** Notices come and go; only what kept somebody from something is worth a line afterwards. */
const isSerious = ({ severity }: FoundTrouble): boolean => severity !== 'notice';

/** The memory after a look at `now_ms`. What is there at the first look may be older than the memory. */
export function remember(memory: TroubleMemory, found: readonly FoundTrouble[], now_ms: number): TroubleMemory {
  const isFirst = memory.began_ms === undefined;
  const troubles = new Map<string, RememberedTrouble>();
  for (const trouble of found) {
    const known = memory.troubles.get(trouble.id);
    const began_ms = trouble.since_ms ?? known?.began_ms ?? now_ms;
    const at_least = trouble.since_ms === undefined && (known?.at_least ?? isFirst);
    troubles.set(trouble.id, { ...trouble, began_ms, at_least });
  }
  const ended = [...memory.troubles.values()]
    .filter((trouble) => !troubles.has(trouble.id) && isSerious(trouble))
    .filter(({ began_ms }) => memory.settled || now_ms - began_ms >= startLastsMs)
    .map(({ title, began_ms }) => ({ title, since_ms: began_ms, until_ms: now_ms }));
  const past = [...ended, ...memory.past].filter(({ until_ms }) => now_ms - until_ms < pastKeptMs).slice(0, pastMax);
  return { began_ms: memory.began_ms ?? now_ms, settled: memory.settled || !found.some(isSerious), troubles, past };
}

const ranks: Readonly<Record<Trouble['severity'], number>> = { unhealthy: 0, degraded: 1, notice: 2 };

/** The worst first, then the oldest. */
export function inOrder(troubles: Iterable<RememberedTrouble>): RememberedTrouble[] {
  return [...troubles].sort((left, right) => ranks[left.severity] - ranks[right.severity] || left.began_ms - right.began_ms);
}

/** The whole in one word: unhealthy when nothing can be ordered or the books do not balance, degraded when anything is wrong. */
export function overallStatus(troubles: readonly FoundTrouble[], services: Picture['services']): PlatformStatus['status'] {
  const stops = troubles.some(({ id }) => id === 'service orders' || id === 'books');
  const served = services.some(({ name, status }) => name !== 'gateway' && status !== 'unhealthy');
  if (stops || !served) return 'unhealthy';
  return troubles.some(({ severity }) => severity !== 'notice') ? 'degraded' : ('healthy' satisfies StatusWord);
}

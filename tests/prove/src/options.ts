/** What `souk prove` is asked for: each option was checked by the command line, and what they say together is checked here. */
import { refusal } from '@souk/contracts';

export const chaosKinds = [
  'kill',
  'stop',
  'database',
  'broker',
  'redis',
  'network',
  'messages',
  'provider',
  'clock',
  'outage',
  'switches',
] as const;
export type ChaosKind = (typeof chaosKinds)[number];
export type WorldName = 'embedded' | 'distributed';
export type ProviderName = 'sandbox' | 'stripe';

/** Of a shop in one process there is no broker, Redis or network to take away. */
const embeddedKinds: readonly ChaosKind[] = ['kill', 'stop', 'database', 'messages', 'provider', 'clock', 'outage'];
const distributedKinds: readonly ChaosKind[] = [...embeddedKinds, 'broker', 'redis', 'network'];

export interface ProveOptions {
  buyers: number;
  stock: number;
  seconds: number;
  chaos: readonly ChaosKind[];
  seed: string;
  world: WorldName;
  replicas: number;
  /** Uses of the code that buyers compete for; 0: there is none. */
  codes: number;
  /** Orders leave in several parcels. */
  parcels: boolean;
  /** Goods come back. */
  returns: boolean;
  provider: ProviderName;
  /** Name of the protection that is switched off; `all` tries each. */
  sabotage: string | undefined;
  /** A shop that is running already is taken, and left running. */
  attach: boolean;
  json: boolean;
  /** The home is kept, to be looked at. */
  keep: boolean;
}

/** As the command line hands them over. */
export interface GivenOptions {
  buyers: number;
  stock: number;
  seconds: number;
  chaos: string;
  seed?: string;
  world?: WorldName;
  replicas?: number;
  codes?: number;
  parcels?: boolean;
  returns?: boolean;
  provider?: ProviderName;
  sabotage?: string;
  attach?: boolean;
  json?: boolean;
  keep?: boolean;
}

const replicasDefault = 2;

/** Refuses with a sentence (`validation_failed`). `switches`: whether CHAOS_TOKEN opens those of a running shop. */
export function readOptions(given: GivenOptions, { makeSeed, switches }: { makeSeed: () => string; switches: boolean }): ProveOptions {
  const { buyers, stock, seconds, chaos, sabotage, world = 'embedded', seed = makeSeed() } = given;
  const { attach = false, json = false, keep = false } = given;
  const { codes = 0, parcels = false, returns = false, provider = 'sandbox' } = given;
  if (attach) refuseOwnShop(given);
  if (world === 'embedded' && given.replicas !== undefined) throw usage('--replicas needs --world distributed.');
  if (!/^[\w.-]{1,64}$/.test(seed)) throw usage('--seed may have up to 64 letters, digits, points, hyphens and underscores.');
  return {
    ...{ buyers, stock, seconds, seed, world, sabotage, attach, json, keep, codes, parcels, returns, provider },
    replicas: world === 'embedded' ? 1 : (given.replicas ?? replicasDefault),
    chaos: kindsOf(chaos, attach ? { place: '--attach', kinds: switches ? ['switches'] : [] } : kindsIn[world]),
  };
}

const usage = (sentence: string): Error => refusal('validation_failed', sentence);

interface Kinds {
  place: string;
  kinds: readonly ChaosKind[];
}

const kindsIn: Readonly<Record<WorldName, Kinds>> = {
  embedded: { place: '--world embedded', kinds: embeddedKinds },
  distributed: { place: '--world distributed', kinds: distributedKinds },
};

function kindsOf(given: string, { place, kinds }: Kinds): readonly ChaosKind[] {
  if (given === 'all') return kinds;
  if (given === 'none') return [];
  const names = given.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!(chaosKinds as readonly string[]).includes(name))
      throw usage(`--chaos names ${JSON.stringify(name)}; there are all, none, ${chaosKinds.join(', ')}.`);
    if ((kinds as readonly string[]).includes(name)) continue;
    if (name === 'switches') throw usage('--chaos switches needs --attach, and the CHAOS_TOKEN that the shop was started with.');
    throw usage(`--chaos ${name} is not possible with ${place}${place === '--attach' ? '' : '; it needs --world distributed'}.`);
  }
  return kinds.filter((kind) => names.includes(kind));
}

/** What shapes a shop of the proof's own. */
function refuseOwnShop(given: GivenOptions): void {
  for (const name of ['world', 'replicas', 'codes', 'provider', 'sabotage', 'keep'] as const)
    if (given[name] !== undefined) throw usage(`--${name} is for a shop of the proof's own; with --attach the shop runs already.`);
}

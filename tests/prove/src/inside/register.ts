/**
 * Loaded into every process of a shop under proof, by `--import`: puts disturbances between the shop and its broker, its payment provider,
 * its clock and the other services, and applies a sabotage. The code of the shop knows nothing of it: sources are changed as they are loaded. Each
 * change must meet its text exactly once, so that a change of the code is noticed and not silently without effect.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { editSources, type SourceEdit } from '@souk/mutation/source-edits';
import { leadThroughDoors } from './ways.ts';

const disturbances = new URL('./disturbances.ts', import.meta.url).href;

/** Where the shop meets what is foreign to it. */
const seams: readonly SourceEdit[] = [
  {
    file: 'packages/messaging/src/broker.ts',
    from: 'export function asFunctions(broker: BrokerAdapter): Broker {',
    to: `import { disturbBroker } from ${JSON.stringify(disturbances)};
export function asFunctions(broker: BrokerAdapter): Broker { return disturbBroker(plainFunctions(broker)); }
function plainFunctions(broker: BrokerAdapter): Broker {`,
  },
  {
    file: 'services/payments/src/clients/sandbox-provider.ts',
    from: 'export function createSandboxProvider({ db, clock, timer, webhook_secret, page_ms = pageMs }: SandboxOptions): PaymentProvider {',
    to: `import { disturbProvider } from ${JSON.stringify(disturbances)};
export function createSandboxProvider(options: SandboxOptions): PaymentProvider { return disturbProvider(plainProvider(options)); }
function plainProvider({ db, clock, timer, webhook_secret, page_ms = pageMs }: SandboxOptions): PaymentProvider {`,
  },
  {
    file: 'services/payments/src/clients/stripe-provider.ts',
    from: 'export function createStripeProvider(options: StripeOptions): PaymentProvider {',
    to: `import { disturbProvider, stripeAddress } from ${JSON.stringify(disturbances)};
export function createStripeProvider(options: StripeOptions): PaymentProvider {
  return disturbProvider(plainProvider({ ...options, ...stripeAddress() }));
}
function plainProvider(options: StripeOptions): PaymentProvider {`,
  },
  {
    file: 'packages/kernel/src/clock.ts',
    from: 'export const systemClock: Clock = { now: () => Date.now() };',
    to: `import { skewMs } from ${JSON.stringify(disturbances)};
export const systemClock: Clock = { now: () => Date.now() + skewMs() };`,
  },
];

const doors = process.env.SOUK_PROVE_DOORS;
/** The process that supervises the others stands beside them, with no network between. */
const supervises = basename(dirname(dirname(process.argv[1] ?? ''))) === 'cli';
if (doors !== undefined && !supervises) leadThroughDoors(doors);

const sabotage = process.env.SOUK_PROVE_SABOTAGE;

editSources([...seams, ...(sabotage === undefined ? [] : (JSON.parse(readFileSync(sabotage, 'utf8')) as SourceEdit[]))]);

/**
 * Checkouts and yardstick by turns, so that whatever else the machine does affects both: before each round of checkouts and
 * after the last one the yardstick is measured, and a round counts as share of the mean of the two beside it.
 */
import { type CheckoutMeasurements, runCheckouts } from './checkouts.ts';
import type { BenchPlatform } from './platform.ts';
import type { Shop } from './prepare-shop.ts';
import type { Yardstick } from './yardstick.ts';

export interface Rounds {
  /** Transactions a second, one more than there are rounds. */
  yardsticks: number[];
  checkouts: CheckoutMeasurements[];
}

const roundCount = 3;

/** Each measurement takes `seconds`; the yardstick a third of that, because it has no warming up to do. */
export async function runRounds(
  platform: BenchPlatform,
  shop: Shop,
  yardstick: Yardstick,
  load: { open: number; seconds: number },
): Promise<Rounds> {
  const measure = (): Promise<number> => yardstick.measure(Math.ceil(load.seconds / 3));
  const rounds: Rounds = { yardsticks: [await measure()], checkouts: [] };
  while (rounds.checkouts.length < roundCount) {
    rounds.checkouts.push(await runCheckouts(platform, shop, load));
    rounds.yardsticks.push(await measure());
  }
  return rounds;
}

/** Checkouts in percent of the yardstick, round by round. */
export function sharesOf({ yardsticks, checkouts }: Rounds): number[] {
  return checkouts.map(({ per_second }, round) => {
    const beside = ((yardsticks[round] as number) + (yardsticks[round + 1] as number)) / 2;
    return (100 * per_second) / beside;
  });
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

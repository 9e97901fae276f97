/** What `souk simulate` is asked for: each option was checked by the command line, and what they say together is checked here. */
import { availableParallelism } from 'node:os';
import { refusal } from '@souk/contracts';
import { checkoutSabotages } from '@souk/prove/sabotage';

export interface SimulateOptions {
  /** The first seed. */
  seed: number;
  /** How many, from the first on. */
  seeds: number;
  orders: number;
  faults: number;
  workers: number;
  /** Name of the protection that is switched off; `list` names them. */
  sabotage: string | undefined;
  /** Each seed is run twice, and has to be the same. */
  twice: boolean;
  /** Prints a single seed step by step, also where it holds. */
  trace: boolean;
  json: boolean;
}

/** As the command line hands them over. */
export interface GivenOptions {
  seed?: number;
  seeds?: number;
  orders: number;
  faults: number;
  workers?: number;
  sabotage?: string;
  twice?: boolean;
  trace?: boolean;
  json?: boolean;
}

const seedMost = 2_147_483_647;
const workersMost = 64;
const seedsDefault = 100;

/** Refuses with a sentence (`validation_failed`). */
export function readOptions(given: GivenOptions): SimulateOptions {
  const { seed = 1, orders, faults, sabotage, twice = false, trace = false, json = false } = given;
  const { seeds = given.seed === undefined ? seedsDefault : 1, workers = Math.min(availableParallelism(), workersMost) } = given;
  if (seed + seeds - 1 > seedMost) throw usage(`--seed and --seeds lead beyond the last seed, ${seedMost}.`);
  if (trace && seeds !== 1) throw usage('--trace prints one seed: name it with --seed, without --seeds.');
  if (sabotage !== undefined && sabotage !== 'list' && !checkoutSabotages.some(({ name }) => name === sabotage))
    throw usage(`--sabotage ${JSON.stringify(sabotage)} is unknown; there are ${checkoutSabotages.map(({ name }) => name).join(', ')}.`);
  return { seed, seeds, orders, faults, sabotage, twice, trace, json, workers: Math.min(seeds, workers) };
}

const usage = (sentence: string): Error => refusal('validation_failed', sentence);

/** Chance that a seed decides: the same seed gives the same plan, on any machine. */

export interface Random {
  /** At least 0 and below 1. */
  share(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  chance(probability: number): boolean;
  /** Another source, which depends on the seed and the name alone and not on what was drawn here. */
  named(name: string): Random;
}

/** Mulberry32 (Tommy Ettinger, 2017, public domain): 32 bits of state are enough for plans, and the arithmetic is exact everywhere. */
export function createRandom(seed: string): Random {
  let state = hashOf(seed);
  const share = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number): number => least + Math.floor(share() * (most - least + 1));
  return {
    share,
    between,
    pick: (list) => list[between(0, list.length - 1)] as (typeof list)[number],
    chance: (probability) => share() < probability,
    named: (name) => createRandom(`${seed}/${name}`),
  };
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}

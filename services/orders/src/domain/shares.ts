/** Whole units, rounded half up and shared so that nothing is lost: no floats, no fraction of a unit. */

/** A sum of fractions above zero, each of whole numbers, rounded half up once at the end. */
export function roundedSum(fractions: readonly { amount: number; times: number; divisor: number }[]): number {
  const [only, ...others] = fractions;
  if (only === undefined) return 0;
  if (others.length === 0 && only.amount <= (Number.MAX_SAFE_INTEGER - only.divisor) / (2 * only.times)) return roundedSmall(only);
  let [over, under] = [0n, 1n];
  for (const { amount, times, divisor } of fractions) {
    over = over * BigInt(divisor) + BigInt(amount) * BigInt(times) * under;
    under *= BigInt(divisor);
  }
  return Number((2n * over + under) / (2n * under));
}

/** The same without BigInt, where every product is exact as a number. */
function roundedSmall({ amount, times, divisor }: { amount: number; times: number; divisor: number }): number {
  const doubled = 2 * amount * times + divisor;
  return (doubled - (doubled % (2 * divisor))) / (2 * divisor);
}

/** What so many of the pieces cost that have this value together, rounded down. */
export function partOf(value: number, pieces: number, of: number): number {
  if (pieces === of) return value;
  if (pieces === 0) return 0;
  if (value <= Number.MAX_SAFE_INTEGER / pieces) return Math.floor((value * pieces) / of);
  return Number((BigInt(value) * BigInt(pieces)) / BigInt(of));
}

/**
 * The total shared in proportion to the weights by largest remainder: each gets the floor of its share, and what is left
 * goes one by one to the largest remainders, the first of equal ones first. The shares add up to the total; without any
 * weight there is nothing to share it by, and the first gets it all.
 */
export function share(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, weight) => left + weight, 0);
  if (total === 0 || sum === 0) return weights.map((_weight, index) => (index === 0 ? total : 0));
  if (total > Number.MAX_SAFE_INTEGER / sum) return shareLarge(BigInt(total), weights.map(BigInt));
  const remainders: number[] = [];
  let left = total;
  const shares = weights.map((weight) => {
    const remainder = (total * weight) % sum;
    const floor = (total * weight - remainder) / sum;
    remainders.push(remainder);
    left -= floor;
    return floor;
  });
  if (left > 0)
    giveRest(
      shares,
      left,
      orderOf(remainders, (one, other) => other - one),
    );
  return shares;
}

/** The same for products that are too large for exact numbers. */
export function shareLarge(total: bigint, weights: readonly bigint[]): number[] {
  const sum = weights.reduce((left, weight) => left + weight, 0n);
  if (total === 0n || sum === 0n) return weights.map((_weight, index) => (index === 0 ? Number(total) : 0));
  const shares = weights.map((weight) => Number((total * weight) / sum));
  const remainders = weights.map((weight) => (total * weight) % sum);
  const left = Number(total) - shares.reduce((given, part) => given + part, 0);
  if (left > 0)
    giveRest(
      shares,
      left,
      orderOf(remainders, (one, other) => (one === other ? 0 : one < other ? 1 : -1)),
    );
  return shares;
}

function orderOf<T>(values: readonly T[], compare: (one: T, other: T) => number): number[] {
  return values.map((_value, index) => index).sort((one, other) => compare(values[one] as T, values[other] as T) || one - other);
}

function giveRest(shares: number[], left: number, places: readonly number[]): void {
  for (const place of places.slice(0, left)) shares[place] = (shares[place] as number) + 1;
}

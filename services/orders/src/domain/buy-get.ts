/** Which units of an order are discounted where who buys some gets others: whole lines are counted, never unit by unit. */

export interface BuyGet {
  buy_quantity: number;
  get_quantity: number;
  /** Most sets in one order; null without a bound. */
  sets_max: number | null;
  /** Null where the same goods are bought and got. */
  get_scope: object | null;
}

export interface Units {
  price: number;
  quantity: number;
  /** Counts among what must be bought, and among what is discounted. */
  buys: boolean;
  gets: boolean;
}

/** How many units of each line are discounted. */
export function discountedUnits(rule: BuyGet, lines: readonly Units[]): number[] {
  return rule.get_scope === null ? inBlocks(rule, lines) : fromOtherGoods(rule, lines);
}

/**
 * One scope: the units stand in order of price, the dearest first, and of each full block of X + Y the Y cheapest are
 * discounted; so the units that fill no block are the cheapest of all.
 */
function inBlocks({ buy_quantity, get_quantity, sets_max }: BuyGet, lines: readonly Units[]): number[] {
  const block = buy_quantity + get_quantity;
  const there = lines.reduce((sum, { buys, quantity }) => sum + (buys ? quantity : 0), 0);
  const end = Math.min(Math.floor(there / block), sets_max ?? Number.POSITIVE_INFINITY) * block;
  const before = (position: number): number => {
    const counted = Math.min(position, end);
    return Math.floor(counted / block) * get_quantity + Math.max(0, (counted % block) - buy_quantity);
  };
  const units = lines.map(() => 0);
  let position = 0;
  for (const place of inOrder(lines, (one, other) => other.price - one.price)) {
    const { buys, quantity } = lines[place] as Units;
    if (!buys) continue;
    units[place] = before(position + quantity) - before(position);
    position += quantity;
  }
  return units;
}

/** Two scopes: as many sets as the units of X allow; the cheapest units of Y are discounted, and a unit counts once. */
function fromOtherGoods({ buy_quantity, get_quantity, sets_max }: BuyGet, lines: readonly Units[]): number[] {
  const bought = lines.reduce((sum, { buys, quantity }) => sum + (buys ? quantity : 0), 0);
  // Of units of one price those are taken first that nothing else needs.
  const order = inOrder(lines, (one, other) => one.price - other.price || Number(one.buys) - Number(other.buys));
  const taken = (sets: number): { units: number[]; fits: boolean } => {
    const units = lines.map(() => 0);
    let left = sets * get_quantity;
    let kept = bought;
    for (const place of order) {
      const { gets, buys, quantity } = lines[place] as Units;
      if (!gets) continue;
      const here = Math.min(left, quantity);
      units[place] = here;
      left -= here;
      if (buys) kept -= here;
    }
    return { units, fits: kept >= sets * buy_quantity };
  };
  let [most, least] = [Math.min(Math.floor(bought / buy_quantity), sets_max ?? Number.POSITIVE_INFINITY), 0];
  // More sets take more and leave less, so that the most that fit are found by halving.
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (taken(middle).fits) least = middle;
    else most = middle - 1;
  }
  return taken(least).units;
}

/** Lines that are alike stay in their order. */
function inOrder(lines: readonly Units[], compare: (one: Units, other: Units) => number): number[] {
  return lines.map((_line, place) => place).sort((one, other) => compare(lines[one] as Units, lines[other] as Units));
}

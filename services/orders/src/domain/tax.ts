/**
 * Tax: once for each rate and order, rounded half up, then shared over what it was taken of by largest remainder, so that
 * lines, rates and total agree to the unit.
 */
import { standardClass } from './goods.ts';
import { fitOf, type Place } from './places.ts';
import type { TaxRateRule } from './pricing-rules.ts';
import { roundedSum, share, shareLarge } from './shares.ts';

const million = 1_000_000;

export interface Rate {
  name: string;
  rate_ppm: number;
}

/** A part of an order that is taxed by one set of rates: the goods of a line, or its share of the shipping. */
export interface TaxedPart {
  value: number;
  /** Places of its rates in the list of all. */
  rates: readonly number[];
}

export interface TaxLine extends Rate {
  /** What it was taken of, without tax. */
  base: number;
  amount: number;
}

export interface Tax {
  lines: TaxLine[];
  /** Of each part. */
  shares: number[];
  total: number;
}

/** Parts with the same rates. */
interface TaxGroup {
  rates: readonly number[];
  /** Tax is value × rate / divisor: the divisor holds the rates where the value does. */
  divisor: number;
  value: number;
  parts: number[];
  tax: number;
}

/** Finds the rates of classes at a place and time, and gives each different rate its place in one list. */
export function rateFinder(rates: readonly TaxRateRule[], place: Place, at_ms: number) {
  const list: Rate[] = [];
  const known = new Map<string, number[]>();
  const placeOfRate = ({ name, rate_ppm }: Rate): number => {
    const found = list.findIndex((one) => one.name === name && one.rate_ppm === rate_ppm);
    return found >= 0 ? found : list.push({ name, rate_ppm }) - 1;
  };
  const find = (tax_class: string): number[] => {
    const before = known.get(tax_class);
    if (before) return before;
    const found = ratesOfClass(rates, tax_class, place, at_ms);
    // What has no rates of its own is taxed like everything else.
    const taken = found.length > 0 || tax_class === standardClass ? found : ratesOfClass(rates, standardClass, place, at_ms);
    const places = taken.map(placeOfRate).sort((one, other) => one - other);
    known.set(tax_class, places);
    return places;
  };
  return { list, find };
}

/** Of each name the rate of the most exactly named place, in order of name. */
function ratesOfClass(rates: readonly TaxRateRule[], tax_class: string, place: Place, at_ms: number): TaxRateRule[] {
  const best = new Map<string, { rate: TaxRateRule; fit: number }>();
  for (const rate of rates) {
    if (rate.tax_class !== tax_class || !isValid(rate, at_ms)) continue;
    const fit = fitOf(place, rate.region, rate.postal_prefix);
    if (fit === undefined || fit <= (best.get(rate.name)?.fit ?? -1)) continue;
    best.set(rate.name, { rate, fit });
  }
  return [...best.values()].map(({ rate }) => rate).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function isValid({ valid_from_ms, valid_until_ms }: TaxRateRule, at_ms: number): boolean {
  return (valid_from_ms === null || valid_from_ms <= at_ms) && (valid_until_ms === null || at_ms < valid_until_ms);
}

/** The tax of the parts of an order. `included`: their values hold it. */
export function taxOf(parts: readonly TaxedPart[], rates: readonly Rate[], included: boolean): Tax {
  const groups = groupsOf(parts, rates, included);
  const amounts = rates.map((rate, place) => amountOf(groups, place, rate));
  const shares = new Array<number>(parts.length).fill(0);
  for (const group of groups) {
    const values = group.parts.map((part) => (parts[part] as TaxedPart).value);
    share(group.tax, values).forEach((tax, place) => {
      shares[group.parts[place] as number] = tax;
    });
  }
  const lines = rates.map((rate, place) => {
    const taxed = groups.filter(({ rates: of }) => of.includes(place));
    const base = taxed.reduce((sum, { value, tax }) => sum + value - (included ? tax : 0), 0);
    return { ...rate, base, amount: amounts[place] as number };
  });
  return { lines, shares, total: amounts.reduce((sum, amount) => sum + amount, 0) };
}

function groupsOf(parts: readonly TaxedPart[], rates: readonly Rate[], included: boolean): TaxGroup[] {
  const groups = new Map<string, TaxGroup>();
  parts.forEach(({ value, rates: of }, part) => {
    const key = of.join();
    const group = groups.get(key);
    if (group) {
      group.value += value;
      group.parts.push(part);
      return;
    }
    const divisor = million + (included ? of.reduce((sum, place) => sum + (rates[place] as Rate).rate_ppm, 0) : 0);
    groups.set(key, { rates: of, divisor, value, parts: [part], tax: 0 });
  });
  return [...groups.values()];
}

/** The tax by one rate, shared over the groups that bear it. */
function amountOf(groups: readonly TaxGroup[], place: number, { rate_ppm }: Rate): number {
  const taxed = groups.filter(({ rates }) => rates.includes(place));
  const amount = roundedSum(taxed.map(({ value, divisor }) => ({ amount: value, times: rate_ppm, divisor })));
  sharesOf(amount, taxed).forEach((part, index) => {
    (taxed[index] as TaxGroup).tax += part;
  });
  return amount;
}

function sharesOf(amount: number, taxed: readonly TaxGroup[]): number[] {
  const [first] = taxed;
  if (first === undefined || taxed.length === 1) return [amount];
  if (taxed.every(({ divisor }) => divisor === first.divisor))
    return share(
      amount,
      taxed.map(({ value }) => value),
    );
  const weights = taxed.map(({ value }, place) =>
    taxed.reduce((weight, { divisor }, other) => (other === place ? weight : weight * BigInt(divisor)), BigInt(value)),
  );
  return shareLarge(BigInt(amount), weights);
}

/** What a set of products has in common, counted: categories, bands of the price, options. */
import type { Facets } from '@souk/contracts';
import { toMajor } from '@souk/kernel';

/** What is counted of a product. */
export interface FacetRow {
  category: string | null;
  price: number;
  currency: string;
  options: Readonly<Record<string, string>>;
}

/** Most entries of a list; the rest are the rarest. */
const entriesMax = 50;
const bandsWanted = 5;

/** Counts rows; `approximate` when there are more that were not read. */
export function facetsOf(rows: readonly FacetRow[], { currency, approximate }: { currency: string; approximate: boolean }): Facets {
  const prices = rows.filter((row) => row.currency === currency).map(({ price }) => price);
  return {
    product_count: rows.length,
    approximate,
    categories: mostFrequent(rows.flatMap(({ category }) => category ?? [])).map(([name, product_count]) => ({ name, product_count })),
    currency,
    prices: priceBands(prices, currency),
    options: optionsOf(rows),
  };
}

/** Those that most products have come first. */
function optionsOf(rows: readonly FacetRow[]): Facets['options'] {
  const chosen = Map.groupBy(
    rows.flatMap(({ options }) => Object.entries(options)),
    ([name]) => name,
  );
  return [...chosen]
    .sort(([left, many], [right, more]) => more.length - many.length || compare(left, right))
    .slice(0, entriesMax)
    .map(([name, pairs]) => ({
      name,
      values: mostFrequent(pairs.map(([, value]) => value)).map(([value, product_count]) => ({ value, product_count })),
    }));
}

/** Bands of one round width that hold all prices; those without a product are left out. */
function priceBands(prices: readonly number[], currency: string): Facets['prices'] {
  const highest = prices.reduce((most, price) => Math.max(most, price), 0);
  const lowest = prices.reduce((least, price) => Math.min(least, price), highest);
  const width = roundWidth((highest - lowest + 1) / bandsWanted);
  return [...Map.groupBy(prices, (price) => Math.floor(price / width))]
    .sort(([left], [right]) => left - right)
    .map(([band, held]) => ({
      min_price: toMajor(band * width, currency),
      max_price: toMajor((band + 1) * width - 1, currency),
      product_count: held.length,
    }));
}

/** The next of 1, 2, 5, 10, 20, 50 …, in minor units. */
function roundWidth(wanted: number): number {
  let power = 1;
  while (power * 10 < wanted) power *= 10;
  return [1, 2, 5, 10].map((step) => step * power).find((width) => width >= wanted) ?? power;
}

function mostFrequent(texts: readonly string[]): [string, number][] {
  return [...Map.groupBy(texts, (text) => text)]
    .map(([text, same]): [string, number] => [text, same.length])
    .sort(([left, many], [right, more]) => more - many || compare(left, right))
    .slice(0, entriesMax);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : 1;
}

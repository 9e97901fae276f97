/** The total of an order against its lines, and its tax worked out again from what was frozen: whole numbers, rounded once for each rate. */
import type { OrderedItem, OrderTotalsRecord, Suspicion } from '../audit-records.ts';
import { type KnownOrder, money } from './order-records.ts';

const million = 1_000_000n;

/** What is wrong within an order's own amounts. */
export function checkTotal(order: KnownOrder): Suspicion[] {
  const { totals, order_id } = order;
  const ids = [order_id];
  const expected = totals ? expectedTotals(order, totals) : plainTotals(order);
  const found: Suspicion[] = [];
  if (expected.some(({ amount }) => amount !== order.total_amount)) {
    const sums = expected.map(({ of, amount }) => `${of} to ${money(amount, order.currency)}`).join(', ');
    found.push({
      rule: 'total_differs_from_items',
      detail: `order is over ${money(order.total_amount, order.currency)}, its items come ${sums}`,
      ids,
    });
  }
  const fault = totals && taxFault(order.items, totals);
  if (fault) found.push({ rule: 'tax_differs', detail: fault, ids });
  return found;
}

interface Sum {
  of: string;
  amount: number;
}

/** An order without totals: nothing but its lines. */
function plainTotals({ items }: KnownOrder): Sum[] {
  return [
    { of: 'by price', amount: sumOf(items, ({ price, quantity }) => price * quantity) },
    { of: 'by line', amount: sumOf(items, ({ line_total }) => line_total) },
    { of: 'by what is paid', amount: sumOf(items, paidOf) + sumOf(items, ({ shipping = 0 }) => shipping) },
  ];
}

function expectedTotals(
  { items }: KnownOrder,
  { items_total, discounts = [], shipping_total, tax_total, tax_included }: OrderTotalsRecord,
): Sum[] {
  const added = tax_included ? 0 : tax_total;
  const off_goods = sumOf(discounts, ({ target, amount }) => (target === 'shipping' ? 0 : amount));
  const others = shipping_total + added - off_goods;
  return [
    { of: 'by price', amount: sumOf(items, ({ price, quantity }) => price * quantity) + others },
    { of: 'by line', amount: sumOf(items, ({ line_total }) => line_total) + others },
    { of: 'by its totals', amount: items_total + others },
    { of: 'by what was taken off its lines', amount: items_total + others + off_goods - sumOf(items, ({ discount = 0 }) => discount) },
    { of: 'by what is paid', amount: sumOf(items, paidOf) + sumOf(items, ({ shipping = 0 }) => shipping) },
  ];
}

function paidOf({ paid, line_total }: OrderedItem): number {
  return paid ?? line_total;
}

/** What is wrong with the tax; undefined where it is right. */
function taxFault(items: readonly OrderedItem[], totals: OrderTotalsRecord): string | undefined {
  const { tax_total, tax_included, tax_lines, shipping_total } = totals;
  const amounts = [shipping_total, tax_total, ...items.flatMap((item) => [paidOf(item), item.tax ?? 0, item.shipping ?? 0])];
  if (!amounts.every(Number.isSafeInteger)) return 'it has amounts that are no whole minor units';
  const lines_tax = sumOf(tax_lines, ({ amount }) => amount);
  if (lines_tax !== tax_total) return `its tax is ${tax_total}, its rates come to ${lines_tax} minor units`;
  const wrong = items.find((item) => !isLineRight(item, tax_included));
  if (wrong)
    return `the line of ${wrong.product_id} pays ${paidOf(wrong)} with a tax of ${wrong.tax ?? 0} minor units for ${wrong.line_total}`;
  const goods_tax = sumOf(items, ({ tax = 0 }) => tax);
  const shipping_tax = tax_included ? 0 : tax_total - goods_tax;
  const shipped = sumOf(items, ({ shipping = 0 }) => shipping);
  if (goods_tax > tax_total || shipped !== shipping_total + shipping_tax)
    return `its lines bear ${shipped} minor units of shipping with a tax of ${shipping_tax}, which costs ${shipping_total}`;
  const parts = partsOf(items, totals);
  const differing = tax_lines.find((line, place) => expectedTax(parts, totals, place) !== BigInt(line.amount));
  return differing && `its tax by ${differing.name} of ${differing.rate_ppm} millionths is not ${differing.amount} minor units`;
}

function isLineRight({ line_total, discount = 0, tax = 0, shipping = 0, paid = line_total }: OrderedItem, tax_included: boolean): boolean {
  const isWithin = tax >= 0 && shipping >= 0 && paid >= tax && discount >= 0 && discount <= line_total;
  return isWithin && paid - (tax_included ? 0 : tax) <= line_total - discount;
}

interface Part {
  value: number;
  rates: readonly number[];
}

/** What tax is taken of: the goods of each line, and its share in the shipping, which is by value, or by quantity where all is free. */
function partsOf(items: readonly OrderedItem[], { tax_lines, tax_included, shipping_total, shipping_rates }: OrderTotalsRecord): Part[] {
  const all = tax_lines.map((_line, place) => place);
  const goods = items.map((item) => ({ value: paidOf(item) - (tax_included ? 0 : (item.tax ?? 0)), rates: item.rates ?? all }));
  const isFree = goods.every(({ value }) => value === 0);
  const shares = sharesOf(
    shipping_total,
    goods.map(({ value }, place) => (isFree ? (items[place] as OrderedItem).quantity : value)),
  );
  return [...goods, ...shares.map((value, place) => ({ value, rates: shipping_rates ?? (goods[place] as Part).rates }))];
}

/** By largest remainder, the first of equal ones first. */
function sharesOf(total: number, weights: readonly number[]): number[] {
  const sum = BigInt(sumOf(weights, (weight) => weight));
  if (sum === 0n) return weights.map(() => 0);
  const products = weights.map((weight) => BigInt(total) * BigInt(weight));
  const shares = products.map((product) => Number(product / sum));
  const places = products.map((product, place) => ({ place, remainder: product % sum }));
  places.sort((one, other) => (one.remainder === other.remainder ? one.place - other.place : one.remainder > other.remainder ? -1 : 1));
  for (const { place } of places.slice(0, total - sumOf(shares, (share) => share))) shares[place] = (shares[place] as number) + 1;
  return shares;
}

/** The tax by one rate, from whole fractions: prices that hold it are divided by what they hold of it. */
function expectedTax(parts: readonly Part[], { tax_lines, tax_included }: OrderTotalsRecord, place: number): bigint {
  const ppmOf = (of: number): bigint => BigInt(tax_lines[of]?.rate_ppm ?? 0);
  const sums = new Map<bigint, bigint>();
  for (const { value, rates } of parts) {
    if (!rates.includes(place)) continue;
    const divisor = million + (tax_included ? rates.reduce((sum, of) => sum + ppmOf(of), 0n) : 0n);
    sums.set(divisor, (sums.get(divisor) ?? 0n) + BigInt(value));
  }
  let [over, under] = [0n, 1n];
  for (const [divisor, value] of sums) {
    over = over * divisor + value * ppmOf(place) * under;
    under *= divisor;
  }
  return (2n * over + under) / (2n * under);
}

function sumOf<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0);
}

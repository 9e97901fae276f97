/** What came back: no more than was sent, and for each piece what was paid for it, once. Pure; shares are worked out anew. */
import type { EndCharge, EndOrder, EndReturn } from './end-state.ts';
import { type Evidence, grouped, piecesOf, sum, toMinor, type Violation } from './evidence.ts';
import type { ReturnRequest, ReturnStep, SeenReturn } from './history.ts';

type Judged = ReturnRequest | ReturnStep;

/** Where pieces have arrived. */
const arrivedIn: ReadonlySet<string> = new Set(['received', 'refunding', 'refunded']);
const endedWithout: ReadonlySet<string> = new Set(['rejected', 'closed']);

export function judgeReturns(evidence: Evidence, orders: ReadonlyMap<string, EndOrder>): Violation[] {
  const { exchanges, end } = evidence;
  const seen = exchanges.filter((one): one is Judged => 'answer_return' in one);
  const charges = new Map(end.charges.map((charge) => [charge.order_id, charge]));
  const sent = grouped(end.parcels, ({ order_id }) => order_id);
  return [
    ...judgeAnswers(seen, end.returns),
    ...judgeAsked(seen, end.returns),
    ...[...grouped(end.returns, ({ order_id }) => order_id)].flatMap(([order_id, returns]) => [
      ...judgePieces(order_id, returns, piecesOf((sent.get(order_id) ?? []).flatMap(({ items }) => items))),
      ...returns.flatMap((one) => judgeMoney(one, orders.get(order_id), charges.get(order_id))),
      ...judgePlaces(order_id, returns),
    ]),
  ];
}

/** Pieces that go into stock again, by product. */
export function restockedOf(returns: readonly EndReturn[]): Map<string, number> {
  const arrived = returns.filter(({ state }) => arrivedIn.has(state));
  return piecesOf(arrived.flatMap(({ items }) => items.map(({ product_id, restock }) => ({ product_id, quantity: restock }))));
}

/** What was answered is there: the return, what arrived of it, and the money. */
function judgeAnswers(seen: readonly Judged[], returns: readonly EndReturn[]): Violation[] {
  const violations: Violation[] = [];
  const there = new Map(returns.map((one) => [one.id, one]));
  for (const { answer_return: answered, asked, client } of seen) {
    if (answered === undefined) continue;
    const row = there.get(answered.id);
    if (row === undefined || !isAsAnswered(answered, row, asked))
      violations.push({
        rule: 'return_lost',
        sentence: `Return ${answered.id} is not what ${client} was answered when it was asked to ${asked}.`,
      });
    else if (
      answered.refund !== null &&
      answered.refund.refund_id === row.refund?.refund_id &&
      toMinor(answered.refund.amount) !== row.refund?.amount
    )
      violations.push({
        rule: 'return_refund_wrong',
        sentence: `${client} was answered a refund of ${answered.refund.amount} for return ${answered.id}, which has ${row.refund?.amount}.`,
      });
  }
  return violations;
}

function isAsAnswered(answered: SeenReturn, row: EndReturn, asked: Judged['asked']): boolean {
  const arrived = asked === 'receive' || asked === 'refund_return';
  return answered.items.every((item) => {
    const line = row.items.find(({ product_id }) => product_id === item.product_id);
    return line?.quantity === item.quantity && (!arrived || (line.restock === item.restock && line.write_off === item.write_off));
  });
}

/** A key makes one return. */
function judgeAsked(seen: readonly Judged[], returns: readonly EndReturn[]): Violation[] {
  const keys = grouped(
    seen.filter((one): one is ReturnRequest => one.asked === 'return'),
    ({ order_id }) => order_id,
  );
  return [...grouped(returns, ({ order_id }) => order_id)].flatMap(([order_id, there]) => {
    const most = new Set((keys.get(order_id) ?? []).map(({ key }) => key)).size;
    if (there.length <= most) return [];
    return [{ rule: 'return_doubled', sentence: `Order ${order_id} has ${there.length} returns; ${most} can have been asked for.` }];
  });
}

function judgePieces(order_id: string, returns: readonly EndReturn[], sent: ReadonlyMap<string, number>): Violation[] {
  const counted = returns
    .filter(({ state }) => !endedWithout.has(state))
    .flatMap(({ state, items }) =>
      items.map(({ product_id, quantity, restock, write_off }) => ({
        product_id,
        quantity: arrivedIn.has(state) ? restock + write_off : quantity,
      })),
    );
  return [...piecesOf(counted)].flatMap(([product, quantity]) => {
    const most = sent.get(product) ?? 0;
    if (quantity <= most) return [];
    return [
      {
        rule: 'returned_too_much',
        sentence: `Of order ${order_id} ${quantity} pieces of product ${product} come back; ${most} were sent.`,
      },
    ];
  });
}

/** A refund is of what arrived, by the place of each piece in its line, and the provider has given it back once. */
function judgeMoney(of: EndReturn, order: EndOrder | undefined, charge: EndCharge | undefined): Violation[] {
  if (of.state === 'refunding') return [{ rule: 'return_not_ended', sentence: `Return ${of.id} still waits for its refund.` }];
  const { refund } = of;
  if (refund === null || order === undefined) return [];
  const violations: Violation[] = [];
  const wrong = (sentence: string): void => void violations.push({ rule: 'return_refund_wrong', sentence });
  const items_amount = sum(of.items.map((line) => shareOf(order, line)));
  if (refund.items_amount !== items_amount)
    wrong(`For what arrived of return ${of.id} ${items_amount} was paid; its refund says ${refund.items_amount}.`);
  const amount = items_amount + refund.shipping_amount - refund.deduction;
  const given = (charge?.refunds ?? []).filter(({ key }) => key === refund.refund_id);
  const expected = of.state === 'refunded' && amount > 0 ? [amount] : [];
  if (given.map((one) => one.amount).join() !== expected.join())
    wrong(
      `Return ${of.id} is ${of.state} with ${amount} to go back; the provider gave ${given.map((one) => one.amount).join(' and ') || 'nothing'}.`,
    );
  return violations;
}

interface Placed {
  product_id: string;
  restock: number;
  write_off: number;
  from: number | null;
}

/** What the pieces behind the first `from` of a line carry of what was paid for it. */
function shareOf({ items }: EndOrder, { product_id, restock, write_off, from }: Placed): number {
  const line = items.find((one) => one.product_id === product_id);
  if (line === undefined || from === null) return 0;
  const paid = line.paid ?? line.line_total;
  const upTo = (pieces: number): number => Math.floor((paid * pieces) / line.quantity);
  return upTo(from + restock + write_off) - upTo(from);
}

/** No piece has two places, and no place two pieces: together they add up to what was paid. */
function judgePlaces(order_id: string, returns: readonly EndReturn[]): Violation[] {
  const placed = returns.flatMap(({ items }) => items).filter((line): line is Placed & EndReturn['items'][number] => line.from !== null);
  return [...grouped(placed, ({ product_id }) => product_id)].flatMap(([product, lines]) => {
    const taken = lines.flatMap(({ from, restock, write_off }) =>
      Array.from({ length: restock + write_off }, (_, piece) => (from ?? 0) + piece),
    );
    const is_once = new Set(taken).size === taken.length && Math.max(-1, ...taken) === taken.length - 1;
    if (is_once) return [];
    return [
      { rule: 'return_refund_wrong', sentence: `Of order ${order_id} refunds take pieces ${taken.join(', ')} of product ${product}.` },
    ];
  });
}

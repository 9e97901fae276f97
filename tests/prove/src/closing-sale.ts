/** The sale that ends a run: what is left of the scarce product, and of the code that has few uses, is taken until it is refused. */
import { pause } from '@souk/kernel';
import { ask, codeOf, shipping_address } from './buyers.ts';
import type { Person } from './client.ts';
import type { History, Line, SeenOrder } from './history.ts';
import { scarce } from './plan.ts';
import type { Opened } from './prepare.ts';

export interface Sale extends Opened {
  history: History;
  /** Which is paid at once. */
  payment_method: string;
  say(line: string): void;
}

const pollMs = 50;
const saleMax = 2_000;
/** One after the other; of a code with more uses left it is not seen that they are there. */
const usesMax = 150;
const saleMargin = 5;
const decidedLimitMs = 20_000;
/** Of which there is plenty. */
const plentiful = 1;

/**
 * After everything has healed, buyers take what is left of the scarce product, piece by piece, until one is refused. So the pieces that
 * were sold must be exactly those that there were. False when they could not get through all of them.
 */
export async function sellOut(sale: Sale): Promise<boolean> {
  const { buyers, products, stock, say } = sale;
  const product_id = products[scarce] as string;
  // More attempts than there ever were pieces: it is no use to go on.
  const attempts = Math.min(saleMax, (stock.get(product_id) ?? 0) + saleMargin);
  for (let number = 0; number < attempts; number += 1) {
    const buyer = buyers[number % buyers.length] as Person;
    const { order } = await buyOne(sale, buyer, product_id, `closing sale ${number}`, undefined);
    if (order === undefined) continue;
    const ended = await untilDecided(buyer, order.id, sale.history);
    if (ended?.cancel_reason === 'out_of_stock') {
      say(`closing sale: ${number} more sold before ${buyer.name} was refused`);
      return true;
    }
  }
  return false;
}

/** The same for the code: then exactly as many orders hold it as it has uses. */
export async function useUp(sale: Sale): Promise<boolean> {
  const { buyers, products, code, say } = sale;
  if (code === undefined) return false;
  const attempts = Math.min(usesMax, code.uses + saleMargin);
  let used = 0;
  for (let number = 0; number < attempts; number += 1) {
    const buyer = buyers[number % buyers.length] as Person;
    const { order, refused } = await buyOne(sale, buyer, products[plentiful] as string, `closing use ${number}`, code.code);
    if (refused === 'code_refused') {
      say(`closing sale: the code was used ${used} times more before ${buyer.name} was refused it`);
      return true;
    }
    if (order === undefined) continue;
    used += 1;
    await untilDecided(buyer, order.id, sale.history);
  }
  return false;
}

async function buyOne(
  { history, payment_method }: Sale,
  buyer: Person,
  product_id: string,
  order: string,
  promotion_code: string | undefined,
): Promise<{ order: SeenOrder | undefined; refused: string | undefined }> {
  const key = crypto.randomUUID();
  const lines: Line[] = [{ product_id, quantity: 1 }];
  const sent_at = performance.now();
  const { status, body } = await buyer.send('POST', '/api/orders', {
    body: { items: lines, shipping_address, payment_method, ...(promotion_code !== undefined && { codes: [promotion_code] }) },
    key,
  });
  const answer = status === 201 ? (body as SeenOrder) : undefined;
  const code = codeOf(body);
  const asked = { asked: 'order', client: buyer.name, user_id: buyer.user_id, order, key, lines, payment_method, promotion_code } as const;
  history.add({ ...asked, sent_at, answered_at: performance.now(), status, code, answer });
  return { order: answer, refused: status === undefined ? undefined : code };
}

async function untilDecided(buyer: Person, order_id: string, history: History): Promise<SeenOrder | undefined> {
  for (const end = performance.now() + decidedLimitMs; performance.now() < end; await pause(pollMs)) {
    const order = await ask(history, buyer, { asked: 'read', order_id });
    if (order !== undefined && order.status !== 'pending' && order.status !== 'awaiting_payment') return order;
  }
  return undefined;
}

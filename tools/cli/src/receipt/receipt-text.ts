/** A genuine receipt for people. */
import { stripVTControlCharacters } from 'node:util';
import type { Receipt } from '@souk/contracts';

const stockWords: Readonly<Record<Receipt['stock']['state'], string>> = {
  none: 'nothing was held',
  held: 'held',
  released: 'held and released again',
  left: 'held, and left for the customer',
};

/** Lines that say what was signed. */
export function receiptText({ order, money, stock, checks, issued_at }: Receipt, kid: string): string {
  const { currency } = order;
  const pending = money.refund_pending > 0 ? `, ${money.refund_pending} ${currency} promised back` : '';
  const pieces = stock.pieces.map(({ product_id, quantity }) => `${quantity} × ${nameOf(order.items, product_id)}`).join(', ');
  const open = checks.filter(({ outcome }) => outcome === 'open');
  return `${[
    `genuine: order ${order.order_number} (${order.status}), signed on ${issued_at} with the key ${kid}`,
    ...totalsLine(order),
    `money:   ${money.charged} ${currency} charged in ${money.charges.length === 1 ? 'one charge' : `${money.charges.length} charges`}, ${money.refunded} ${currency} given back${pending}, by the record of ${money.provider ?? 'the provider'}`,
    `stock:   ${pieces === '' ? '' : `${pieces}: `}${stockWords[stock.state]}`,
    `rules:   ${checks.length - open.length} of ${checks.length} held when it was issued${open.length === 0 ? '' : `; open: ${open.map(({ rule, found }) => `${rule} (${found.join(', ')})`).join(', ')}`}`,
  ].join('\n')}\n`;
}

/** How the total came about, where it is not the sum of the lines alone. */
function totalsLine({ totals, total_amount, currency }: Receipt['order']): string[] {
  if (totals === undefined) return [];
  const { items_total, shipping_total, tax_total, tax_included } = totals;
  const tax = tax_total === 0 ? 'no tax' : `${tax_total} ${currency} tax${tax_included ? ' (in these amounts)' : ''}`;
  return [`total:   ${total_amount} ${currency}: ${items_total} ${currency} goods, ${shipping_total} ${currency} shipping, ${tax}`];
}

/** Names were written by people: they must not steer the terminal. */
function nameOf(items: Receipt['order']['items'], product_id: string): string {
  const name = items.find((item) => item.product_id === product_id)?.name ?? product_id;
  return stripVTControlCharacters(name).replaceAll(/\p{Cc}+/gu, ' ');
}

import { checkoutInputs, checkoutTable } from '@souk/orders';
import { code, page, table } from '../markdown.ts';

export function checkoutPage(): string {
  const rows = checkoutTable();
  return page(
    'The checkout',
    'What each input means for an order in each status: the decision table of `services/orders/src/domain/checkout-saga.ts`, printed. The compiler refuses the table while a cell is missing.',
    [
      '- **→** the order moves to this status and publishes the named event, in one transaction.',
      '- **note** the status stays; the input is written into the history.',
      '- **ignore** the input is taken and changes nothing.',
      '- **same** a command repeated: it is answered as the first time.',
      '- **refuse** the command is answered 409 with this code.',
      '- **impossible** a participant broke its promise: the message becomes a dead letter.',
    ].join('\n'),
    table(
      ['Input', ...rows.map((row) => code(row.status))],
      checkoutInputs.map((input) => [code(input), ...rows.map((row) => row.cells[input])]),
    ),
    'The bottom of every column is the promise: an order ends `confirmed` (and is then shipped and completed) with stock and money taken exactly once, or `cancelled` with both compensated. The compensation is not in orders: `order.cancelled` is consumed by inventory, which releases what it holds, and by payments, which refunds what it took, also when the outcome of the charge is not known yet.',
  );
}

/** The ledgers of one order and what each rule of the auditor says of them. It costs a look at every service: it is asked for, not shown at once. */
import { getReceipt, type Order, type Receipt } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { decimalOf, decimalText } from '../../decimal.ts';
import { useDesk } from '../../desk.ts';
import type { Reply } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { Chip } from '../../parts/chip.tsx';
import { CommandNote } from '../../parts/command-note.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';

/** The wire carries exact decimals; differences of them are made in whole millionths. */
const exactly = (amount: number): bigint => decimalOf(String(amount)) ?? 0n;

type Answer = Reply<{ receipt: Receipt }>;

export const OrderBooks: FunctionComponent<{ order: Order }> = ({ order }) => {
  const { order_books: said } = useDesk().words;
  const look = useCommand<undefined, Answer>((ask) => ({ send: () => ask(getReceipt, { params: { order_id: order.id } }) }));
  const progress = look.progress.value;
  const receipt = progress.state === 'done' ? progress.result?.body.receipt : undefined;
  const isUnderWay = progress.state === 'sending' || progress.state === 'asking';
  return (
    <Panel title={said.title} aside={receipt !== undefined && <Verdict checks={receipt.checks} />}>
      <p class="quiet">{said.lead}</p>
      {receipt !== undefined && (
        <>
          <Money receipt={receipt} />
          <Stock receipt={receipt} />
          <Rules checks={receipt.checks} />
        </>
      )}
      <CommandNote of={look} />
      <button type="button" class="button plain" aria-busy={isUnderWay} onClick={() => void look.run(undefined)}>
        {receipt === undefined ? said.check : said.again}
      </button>
    </Panel>
  );
};

const Verdict: FunctionComponent<{ checks: Receipt['checks'] }> = ({ checks }) => {
  const { order_books: said } = useDesk().words;
  const isOpen = checks.some(({ outcome }) => outcome === 'open');
  return <Chip tone={isOpen ? 'warn' : 'ok'}>{isOpen ? said.open : said.balanced}</Chip>;
};

const Money: FunctionComponent<{ receipt: Receipt }> = ({ receipt: { money, order } }) => {
  const { words, formats } = useDesk();
  const { order_books: said } = words;
  const text = (amount: number): string => formats.money(amount, order.currency);
  const movements = [
    ...money.charges.map((charge) => ({ ...charge, word: said.charged })),
    ...money.refunds.map((refund) => ({ ...refund, word: said.refunded, amount: -refund.amount })),
  ];
  if (movements.length === 0) return <p>{said.no_money}</p>;
  return (
    <>
      <Table name={said.money} columns={[{ title: said.movement }, { title: said.at }, { title: said.amount, is_number: true }]}>
        {movements.map(({ id, word, at, amount }) => (
          <tr key={id}>
            <th scope="row">{word}</th>
            <td>{formats.moment(at)}</td>
            <td class="number">{text(amount)}</td>
          </tr>
        ))}
        <tr class="sum">
          <th scope="row" colSpan={2}>
            {said.stays}
          </th>
          <td class="number">
            <strong>{text(Number(decimalText(exactly(money.charged) - exactly(money.refunded))))}</strong>
          </td>
        </tr>
      </Table>
      {money.refund_pending > 0 && <p class="notice warn">{said.pending(text(money.refund_pending))}</p>}
    </>
  );
};

const Stock: FunctionComponent<{ receipt: Receipt }> = ({ receipt: { stock, order } }) => {
  const { words, formats } = useDesk();
  const named = (product_id: string): string => order.items.find((item) => item.product_id === product_id)?.name ?? product_id;
  return (
    <div>
      <h3>{words.order_books.stock}</h3>
      <p>
        {words.order_books.states[stock.state]}{' '}
        {stock.pieces.map(({ product_id, quantity }) => `${formats.count(quantity)} × ${named(product_id)}`).join(', ')}
      </p>
    </div>
  );
};

const Rules: FunctionComponent<{ checks: Receipt['checks'] }> = ({ checks }) => {
  const { order_books: said } = useDesk().words;
  return (
    <Table name={said.rules} columns={[{ title: said.rule }, { title: said.outcome }]}>
      {checks.map(({ rule, statement, outcome, found }) => (
        <tr key={rule}>
          <th scope="row">{statement}</th>
          <td>
            <Chip tone={outcome === 'holds' ? 'ok' : 'warn'}>{said.outcomes[outcome]}</Chip> {found.join(', ').replaceAll('_', ' ')}
          </td>
        </tr>
      ))}
    </Table>
  );
};

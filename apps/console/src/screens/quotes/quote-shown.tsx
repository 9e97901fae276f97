/** How the total of a quote comes about, and which ways of shipping there are. */
import type { Quote } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Rows } from '../../parts/list.tsx';
import { Panel } from '../../parts/panel.tsx';

type Option = Quote['shipping_options'][number];

interface Sum {
  readonly id: string;
  readonly word: string;
  readonly amount: number;
}

export const QuoteShown: FunctionComponent<{ quote: Quote; at_ms: number }> = ({ quote, at_ms }) => {
  const { words, formats } = useDesk();
  const { quotes: said } = words;
  const money = (amount: number): string => formats.money(amount, quote.currency);
  const options = [
    { title: said.method, cell: ({ name }: Option) => name },
    { title: words.orders.price, is_number: true, cell: ({ amount }: Option) => money(amount) },
    { title: said.days, cell: ({ days_min, days_max }: Option) => said.days_of(days_min, days_max) },
  ];
  const sums = [
    { title: said.cost, cell: ({ word }: Sum) => word },
    { title: words.payments.amount, is_number: true, cell: ({ amount }: Sum) => money(amount) },
  ];
  return (
    <Panel title={said.cost}>
      <Rows name={said.cost} entries={useSums(quote)} columns={sums} keyOf={({ id }) => id} empty="" />
      {quote.tax_lines.length === 0 && <p>{said.no_tax}</p>}
      {quote.refused_codes?.map(({ code, reason }) => (
        <p key={code} class="notice warn">
          {said.refused(code, said.reasons[reason])}
        </p>
      ))}
      {quote.shipping_options.length > 0 && (
        <Rows name={said.options} entries={quote.shipping_options} columns={options} keyOf={({ code }) => code} empty="" />
      )}
      <p class="quiet small">{said.at(formats.time(at_ms))}</p>
    </Panel>
  );
};

function useSums(quote: Quote): Sum[] {
  const { words, formats } = useDesk();
  const { quotes: said } = words;
  const { shipping_method, tax_included, tax_lines, discounts = [] } = quote;
  const tax = tax_included ? said.tax_included : said.tax;
  return [
    { id: 'goods', word: said.goods_before, amount: quote.items_total },
    ...discounts.map(({ promotion_id, label, target, amount }) => ({
      id: `${promotion_id} ${target}`,
      word: said.discount(label),
      amount: -amount,
    })),
    {
      id: 'shipping',
      word: shipping_method === null ? said.no_shipping : said.shipping(shipping_method.name),
      amount: quote.shipping_total,
    },
    ...tax_lines.map(({ name, rate_percent, base, amount }) => ({
      id: `${name} ${rate_percent}`,
      word: tax(name, rate_percent, formats.money(base, quote.currency)),
      amount,
    })),
    { id: 'total', word: said.total, amount: quote.total },
  ];
}

/** The lines of an order and how its total comes about, as the wire says it: nothing is computed here. */
import type { Order } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt } from '../../router.ts';

export const OrderLines: FunctionComponent<{ order: Order }> = ({ order }) => {
  const { words, formats } = useDesk();
  const { orders: said } = words;
  const money = (amount: number): string => formats.money(amount, order.currency);
  const columns = [
    { title: said.product },
    { title: said.quantity, is_number: true },
    { title: said.price, is_number: true },
    { title: said.line_total, is_number: true },
  ];
  return (
    <Panel title={said.lines}>
      <Table name={said.lines} columns={columns}>
        {order.items.map((item) => (
          <tr key={item.product_id}>
            <th scope="row">
              <a href={addressAt({ screen: 'products', entry: item.product_id })}>{item.name}</a>
              <div class="quiet small">{item.sku}</div>
            </th>
            <td class="number">{formats.count(item.quantity)}</td>
            <td class="number">{money(item.price)}</td>
            <td class="number">{money(item.line_total)}</td>
          </tr>
        ))}
        {sumsOf(order, words).map(([name, amount]) => (
          <tr key={name} class="sum">
            <th scope="row" colSpan={3}>
              {name}
            </th>
            <td class="number">{money(amount)}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
};

function sumsOf({ totals, total_amount }: Order, { orders: said }: ReturnType<typeof useDesk>['words']): [name: string, amount: number][] {
  const total: [string, number] = [said.total, total_amount];
  if (totals === undefined) return [total];
  const tax = totals.tax_included ? said.tax_included : said.tax;
  return [
    [said.items_total, totals.items_total],
    [totals.shipping_method === null ? said.shipping : `${said.shipping}: ${totals.shipping_method.name}`, totals.shipping_total],
    ...totals.tax_lines.map(({ name, rate_percent, amount }): [string, number] => [tax(name, rate_percent), amount]),
    total,
  ];
}

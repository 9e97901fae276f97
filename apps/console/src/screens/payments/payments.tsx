/** Payments of all orders, the newest first. */
import { listPayments } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { PaymentStatusChip } from '../../parts/payment-status.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt, type Place } from '../../router.ts';

const rowsInPage = 50;
const everyMs = 10_000;

export const Payments: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { payments: said } = words;
  const { cursor } = place.query;
  const page = useEntity(listPayments, { query: { limit: rowsInPage, ...(cursor !== undefined && { cursor }) } }, { every_ms: everyMs });
  const columns = [
    { title: said.asked },
    { title: words.orders.status },
    { title: said.amount, is_number: true },
    { title: said.captured, is_number: true },
    { title: said.refunded, is_number: true },
    { title: said.provider },
  ];
  return (
    <>
      <h1>{words.screens.payments}</h1>
      <Loaded from={page}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{said.none}</p>
          ) : (
            <>
              <Table name={words.screens.payments} columns={columns}>
                {body.map((payment) => (
                  <tr key={payment.id}>
                    <th scope="row">
                      <a href={addressAt({ screen: 'orders', entry: payment.order_id })}>{formats.moment(payment.created_at)}</a>
                    </th>
                    <td>
                      <PaymentStatusChip status={payment.status} /> {payment.decline_code}
                    </td>
                    <td class="number">{formats.money(payment.amount, payment.currency)}</td>
                    <td class="number">{formats.money(payment.captured_amount, payment.currency)}</td>
                    <td class="number">{formats.money(payment.refunded_amount, payment.currency)}</td>
                    <td>{payment.provider}</td>
                  </tr>
                ))}
              </Table>
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
    </>
  );
};

/** Payments of all orders, the newest first. */
import { listPayments, type Payment } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { List } from '../../parts/list.tsx';
import { PaymentStatusChip } from '../../parts/payment-status.tsx';
import { addressAt, type Place } from '../../router.ts';

const everyMs = 10_000;

export const Payments: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { payments: said } = words;
  const page = useEntity(listPayments, { query: pageOf(place) }, { every_ms: everyMs });
  const amount = (title: string, member: 'amount' | 'captured_amount' | 'refunded_amount') => ({
    title,
    is_number: true,
    cell: (payment: Payment) => formats.money(payment[member], payment.currency),
  });
  const columns = [
    {
      title: said.asked,
      cell: ({ order_id, created_at }: Payment) => (
        <a href={addressAt({ screen: 'orders', entry: order_id })}>{formats.moment(created_at)}</a>
      ),
    },
    {
      title: words.orders.status,
      cell: ({ status, decline_code }: Payment) => (
        <>
          <PaymentStatusChip status={status} /> {decline_code}
        </>
      ),
    },
    amount(said.amount, 'amount'),
    amount(said.captured, 'captured_amount'),
    amount(said.refunded, 'refunded_amount'),
    { title: said.provider, cell: ({ provider }: Payment) => provider },
  ];
  return (
    <>
      <h1>{words.screens.payments}</h1>
      <List name={words.screens.payments} from={page} columns={columns} keyOf={({ id }) => id} empty={said.none} />
    </>
  );
};

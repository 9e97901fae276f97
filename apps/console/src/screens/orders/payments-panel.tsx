/** Payments of an order with their refunds, and giving back a part. */
import { listPayments, type Order, type Payment } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PaymentStatusChip } from '../../parts/payment-status.tsx';
import { RefundDialog } from './refund-dialog.tsx';

const everyMs = 5_000;

export const PaymentsPanel: FunctionComponent<{ order: Order }> = ({ order }) => {
  const { words } = useDesk();
  const order_id = order.id;
  const payments = useEntity(
    listPayments,
    { query: { order_id } },
    { every_ms: everyMs, changedBy: ({ payload }) => payload['order_id'] === order_id },
  );
  return (
    <Panel title={words.payments.title}>
      <Loaded from={payments}>
        {({ body }) =>
          body.length === 0 ? (
            <p class="quiet">{words.payments.none}</p>
          ) : (
            body.map((payment) => <PaymentPart key={payment.id} order={order} payment={payment} changed={() => payments.renew()} />)
          )
        }
      </Loaded>
    </Panel>
  );
};

const PaymentPart: FunctionComponent<{ order: Order; payment: Payment; changed(): Promise<void> }> = ({ order, payment, changed }) => {
  const { words, formats } = useDesk();
  const money = (amount: number): string => formats.money(amount, payment.currency);
  const { payments: said } = words;
  return (
    <>
      <dl class="facts">
        <dt>{words.orders.status}</dt>
        <dd>
          <PaymentStatusChip status={payment.status} /> {payment.decline_code}
        </dd>
        <dt>{said.amount}</dt>
        <dd>{money(payment.amount)}</dd>
        <dt>{said.captured}</dt>
        <dd>{money(payment.captured_amount)}</dd>
        <dt>{said.refunded}</dt>
        <dd>{money(payment.refunded_amount)}</dd>
        <dt>{said.provider}</dt>
        <dd>{payment.provider}</dd>
      </dl>
      {payment.refunds.length > 0 && (
        <>
          <h3>{said.refunds}</h3>
          <ul class="list refunds">
            {payment.refunds.map((refund) => (
              <li key={refund.id}>
                <strong>{money(refund.amount)}</strong> {refund.reason}{' '}
                <span class="quiet small">
                  {said.refund_status[refund.status]}, {formats.moment(refund.created_at)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {payment.status === 'captured' && payment.captured_amount > payment.refunded_amount && (
        <Opener word={words.act.refund} look="button plain">
          {(close) => <RefundDialog number={order.order_number} payment={payment} close={close} changed={changed} />}
        </Opener>
      )}
    </>
  );
};

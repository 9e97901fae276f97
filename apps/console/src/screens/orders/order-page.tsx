/** One order: why it is as it is, its lines and totals, its payments, and what can be done with it. */
import { getOrder, type Order } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { ShopEvent } from '../../live/stream.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { OrderActions } from './order-actions.tsx';
import { OrderBooks } from './order-books.tsx';
import { OrderLines } from './order-lines.tsx';
import { OrderStatusChip } from './order-status.tsx';
import { OrderWhy } from './order-why.tsx';
import { PaymentsPanel } from './payments-panel.tsx';

/** What happens to an order on its way is not published in every case: one that is not at its end is read now and then. */
const openEveryMs = 5_000;

export const OrderPage: FunctionComponent<{ order_id: string }> = ({ order_id }) => {
  const changedBy = ({ payload }: ShopEvent): boolean => payload['order_id'] === order_id;
  const order = useEntity(
    getOrder,
    { params: { order_id } },
    { changedBy, every_ms: openEveryMs, isNewer: (known, read) => read.body.version >= known.body.version },
  );
  return (
    <Loaded from={order}>
      {({ body, etag }) => (
        <>
          <OrderHead order={body}>
            <OrderActions order={body} etag={etag} changed={() => order.renew()} />
          </OrderHead>
          <OrderWhy order={body} />
          <div class="columns">
            <div class="stack">
              <OrderLines order={body} />
              <OrderBooks order={body} />
            </div>
            <div class="stack">
              <PaymentsPanel order={body} />
              <AddressPanel order={body} />
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
};

const OrderHead: FunctionComponent<{ order: Order }> = ({ order, children }) => {
  const { words, formats } = useDesk();
  return (
    <header class="page-head">
      <div>
        <div class="title">
          <h1>{order.order_number}</h1>
          <OrderStatusChip status={order.status} />
        </div>
        <p class="quiet">
          {words.orders.summary(formats.money(order.total_amount, order.currency), formats.moment(order.created_at))}
          {order.cancel_reason !== null && <> · {words.orders.cancelled_for(order.cancel_reason)}</>}
          {order.carrier !== null && <> · {words.orders.parcel(order.carrier, order.tracking_number ?? '')}</>}
        </p>
      </div>
      {children}
    </header>
  );
};

const AddressPanel: FunctionComponent<{ order: Order }> = ({ order }) => {
  const { words } = useDesk();
  const { shipping_address: address, user_id } = order;
  const lines =
    address === null ? [] : [address.full_name, address.street, address.street2, `${address.postal_code} ${address.city}`, address.country];
  return (
    <Panel title={words.orders.address}>
      {address === null ? (
        <p class="quiet">{words.none}</p>
      ) : (
        <address>
          {lines.filter(Boolean).map((line) => (
            <div key={line}>{line}</div>
          ))}
        </address>
      )}
      <p class="quiet small">
        {words.orders.customer} <code>{user_id}</code>
      </p>
    </Panel>
  );
};

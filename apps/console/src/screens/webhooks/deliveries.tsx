/** What was posted to a webhook, the newest first. */
import { type Delivery, listDeliveries } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { Table } from '../../parts/table.tsx';
import type { Place } from '../../router.ts';
import { DeliveryStatus } from './webhook-status.tsx';

const rowsInPage = 50;
const everyMs = 5_000;
const statuses: readonly Delivery['status'][] = ['pending', 'delivered', 'failed'];

export const Deliveries: FunctionComponent<{ place: Place; webhook_id: string }> = ({ place, webhook_id }) => {
  const { words, router } = useDesk();
  const { webhooks: said } = words;
  const status = statuses.find((name) => name === place.query['status']);
  const { cursor } = place.query;
  const query = { limit: rowsInPage, ...(status !== undefined && { status }), ...(cursor !== undefined && { cursor }) };
  const deliveries = useEntity(listDeliveries, { params: { webhook_id }, query }, { every_ms: everyMs });
  return (
    <Panel title={said.deliveries}>
      <search class="filters">
        <SelectField
          label={words.list.filter_status}
          choices={[['', said.every], ...statuses.map((name) => [name, said.delivery[name]] as const)]}
          value={status ?? ''}
          choose={(chosen) => router.refine({ status: chosen, cursor: undefined })}
        />
      </search>
      <Loaded from={deliveries}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{said.no_deliveries}</p>
          ) : (
            <>
              <DeliveryTable deliveries={body} />
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
};

const DeliveryTable: FunctionComponent<{ deliveries: readonly Delivery[] }> = ({ deliveries }) => {
  const { words, formats } = useDesk();
  const { webhooks: said } = words;
  const columns = [
    { title: said.event },
    { title: said.state },
    { title: said.occurred },
    { title: said.attempts, is_number: true },
    { title: said.answer },
    { title: said.next },
  ];
  return (
    <Table name={said.deliveries} columns={columns}>
      {deliveries.map((delivery) => (
        <tr key={delivery.event_id}>
          <th scope="row">
            <code title={delivery.event_id}>{delivery.event_type}</code>
          </th>
          <td>
            <DeliveryStatus status={delivery.status} />
          </td>
          <td>{formats.moment(delivery.occurred_at)}</td>
          <td class="number">{formats.count(delivery.attempts)}</td>
          <td>
            {delivery.last_status} {delivery.last_failure !== null && said.failure[delivery.last_failure]}
          </td>
          <td>{delivery.next_attempt_at === null ? words.none : formats.moment(delivery.next_attempt_at)}</td>
        </tr>
      ))}
    </Table>
  );
};

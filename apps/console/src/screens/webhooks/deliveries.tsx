/** What was posted to a webhook, the newest first. */
import { type Delivery, listDeliveries } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Filter } from '../../parts/filter.tsx';
import { List } from '../../parts/list.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Place } from '../../router.ts';
import { DeliveryStatus } from './webhook-status.tsx';

const everyMs = 5_000;
const statuses: readonly Delivery['status'][] = ['pending', 'delivered', 'failed'];

export const Deliveries: FunctionComponent<{ place: Place; webhook_id: string }> = ({ place, webhook_id }) => {
  const { words, formats } = useDesk();
  const { webhooks: said } = words;
  const status = statuses.find((name) => name === place.query['status']);
  const query = { ...pageOf(place), ...(status !== undefined && { status }) };
  const deliveries = useEntity(listDeliveries, { params: { webhook_id }, query }, { every_ms: everyMs });
  const columns = [
    { title: said.event, cell: ({ event_id, event_type }: Delivery) => <code title={event_id}>{event_type}</code> },
    { title: said.state, cell: (delivery: Delivery) => <DeliveryStatus status={delivery.status} /> },
    { title: said.occurred, cell: ({ occurred_at }: Delivery) => formats.moment(occurred_at) },
    { title: said.attempts, is_number: true, cell: ({ attempts }: Delivery) => formats.count(attempts) },
    { title: said.answer, cell: (delivery: Delivery) => <Answered delivery={delivery} /> },
    {
      title: said.next,
      cell: ({ next_attempt_at }: Delivery) => (next_attempt_at === null ? words.none : formats.moment(next_attempt_at)),
    },
  ];
  return (
    <Panel title={said.deliveries}>
      <Filter
        label={words.list.filter_status}
        name="status"
        choices={[['', said.every], ...statuses.map((name) => [name, said.delivery[name]] as const)]}
        value={status ?? ''}
      />
      <List name={said.deliveries} from={deliveries} columns={columns} keyOf={({ event_id }) => event_id} empty={said.no_deliveries} />
    </Panel>
  );
};

const Answered: FunctionComponent<{ delivery: Delivery }> = ({ delivery: { last_status, last_failure } }) => {
  const { webhooks: said } = useDesk().words;
  return (
    <>
      {last_status} {last_failure !== null && said.failure[last_failure]}
    </>
  );
};

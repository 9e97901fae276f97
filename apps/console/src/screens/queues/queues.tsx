/** The queues of all services and the services behind them: what waits, since when, and who takes it. Nothing is changed here. */
import { getStatus, type PlatformStatus } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Chip } from '../../parts/chip.tsx';
import { Filter } from '../../parts/filter.tsx';
import { Rows } from '../../parts/list.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { statusTones } from '../../parts/status-tones.ts';
import { addressAt, type Place } from '../../router.ts';
import { type QueueFilter, type QueueShown, queueFilters, shownQueues } from './shown-queues.ts';

type ServiceShown = PlatformStatus['services'][number];

const everyMs = 3_000;
const msInS = 1_000;
const percent = 100;

export const Queues: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  const { queues: said } = words;
  const status = useEntity(getStatus, {}, { every_ms: everyMs });
  const which: QueueFilter = queueFilters.find((name) => name === place.query['which']) ?? 'all';
  return (
    <>
      <h1>{words.screens.queues}</h1>
      <p>{said.lead}</p>
      <Filter label={said.which} name="which" choices={queueFilters.map((name) => [name, said.filters[name]] as const)} value={which} />
      <Loaded from={status}>
        {({ body }) => (
          <>
            <QueueRows queues={shownQueues(body.queues, which)} />
            <Panel title={said.services}>
              <ServiceRows services={body.services} />
            </Panel>
          </>
        )}
      </Loaded>
    </>
  );
};

const QueueRows: FunctionComponent<{ queues: readonly QueueShown[] }> = ({ queues }) => {
  const { words, formats } = useDesk();
  const { queues: said } = words;
  const counted = (count: number | null): string => (count === null ? said.unknown : formats.count(count));
  const columns = [
    { title: said.queue, cell: ({ queue }: QueueShown) => <code>{queue}</code> },
    { title: said.ready, is_number: true, cell: ({ ready }: QueueShown) => counted(ready) },
    { title: said.in_hand, is_number: true, cell: ({ unsettled }: QueueShown) => counted(unsettled) },
    {
      title: said.oldest,
      is_number: true,
      cell: ({ oldest_age_s }: QueueShown) => (oldest_age_s === null ? words.none : formats.duration(oldest_age_s * msInS)),
    },
    {
      title: said.consumers,
      is_number: true,
      cell: ({ attached }: QueueShown) => (attached === 0 ? <Chip tone="bad">{formats.count(0)}</Chip> : formats.count(attached)),
    },
    {
      title: said.dead,
      is_number: true,
      cell: ({ dead }: QueueShown) =>
        dead === null || dead === 0 ? counted(dead) : <a href={addressAt({ screen: 'dead-letters' })}>{formats.count(dead)}</a>,
    },
  ];
  return <Rows name={words.screens.queues} columns={columns} keyOf={({ queue }) => queue} empty={said.empty} entries={queues} />;
};

const ServiceRows: FunctionComponent<{ services: readonly ServiceShown[] }> = ({ services }) => {
  const { words, formats } = useDesk();
  const { queues: said } = words;
  const rated = ({ requests }: ServiceShown, read: (rates: NonNullable<ServiceShown['requests']>) => string): string =>
    requests === null ? said.unknown : read(requests);
  const columns = [
    { title: said.service, cell: ({ name }: ServiceShown) => name },
    {
      title: said.state,
      cell: ({ status }: ServiceShown) => <Chip tone={statusTones[status]}>{said.states[status]}</Chip>,
    },
    { title: said.processes, is_number: true, cell: ({ instances }: ServiceShown) => formats.count(instances.length) },
    {
      title: said.requests,
      is_number: true,
      cell: (service: ServiceShown) => rated(service, ({ per_second }) => said.per_second(per_second)),
    },
    {
      title: said.failed,
      is_number: true,
      cell: (service: ServiceShown) => rated(service, ({ error_share }) => said.share(error_share * percent)),
    },
    {
      title: said.outbox,
      is_number: true,
      cell: ({ outbox }: ServiceShown) => (outbox === null ? words.none : formats.count(outbox.backlog)),
    },
  ];
  return <Rows name={said.services} columns={columns} keyOf={({ name }) => name} empty={said.unknown} entries={services} />;
};

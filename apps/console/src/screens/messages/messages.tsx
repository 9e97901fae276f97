/** The last messages to people: what left, what did not and why; and sending one again. */
import { getNotification, getNotificationHistory, type Notification, resendNotification } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { CommandNote } from '../../parts/command-note.tsx';
import { Filter } from '../../parts/filter.tsx';
import { Rows } from '../../parts/list.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { addressAt, type Place } from '../../router.ts';
import { apiLanguage } from '../../words/api-language.ts';

type Status = Notification['status'];

const everyMs = 10_000;
const tones: Readonly<Record<Status, Tone>> = { pending: 'info', sent: 'ok', failed: 'bad', suppressed: 'warn' };
const statuses = Object.keys(tones) as Status[];

export const Messages: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  const { messages: said } = words;
  const status = statuses.find((name) => name === place.query['status']);
  const history = useEntity(getNotificationHistory, { query: {} }, { every_ms: everyMs });
  return (
    <>
      <h1>{words.screens.messages}</h1>
      <p class="quiet">{said.newest}</p>
      <Filter
        label={words.list.filter_status}
        name="status"
        choices={[['', words.list.every_status], ...statuses.map((name) => [name, said.status[name]] as const)]}
        value={status ?? ''}
      />
      <Loaded from={history}>
        {({ body }) => (
          <MessageTable
            messages={body.notifications.filter((message) => status === undefined || message.status === status)}
            changed={() => history.renew()}
          />
        )}
      </Loaded>
    </>
  );
};

const MessageTable: FunctionComponent<{ messages: readonly Notification[]; changed(): Promise<void> }> = ({ messages, changed }) => {
  const { words } = useDesk();
  const { messages: said } = words;
  const resend = useCommand<string, unknown>((ask) => ({
    send: (notification_id) => ask(resendNotification, { params: { notification_id }, body: {} }),
    // It may be on its way already, and twice is worse than not yet: once the shop answers again, the list says what became of it.
    wasDone: (notification_id) => ask(getNotification, { params: { notification_id } }).then(() => true),
  }));
  const columns = [
    { title: said.made, cell: (message: Notification) => <Made message={message} /> },
    {
      title: words.orders.status,
      cell: ({ status, failure }: Notification) => (
        <>
          <Chip tone={tones[status]}>{said.status[status]}</Chip>
          {failure !== null && (
            <div class="small" lang={apiLanguage}>
              {failure}
            </div>
          )}
        </>
      ),
    },
    { title: said.recipient, cell: ({ recipient }: Notification) => recipient },
    { title: said.subject, cell: ({ subject, event_type }: Notification) => subject ?? event_type },
    {
      title: said.resend,
      cell: ({ id, status, recipient }: Notification) =>
        (status === 'sent' || status === 'failed') && (
          <button
            type="button"
            class="button plain"
            aria-label={said.resend_to(recipient)}
            onClick={() => void resend.run(id).then((isDone) => (isDone ? changed() : undefined))}
          >
            {said.resend}
          </button>
        ),
    },
  ];
  return (
    <>
      <CommandNote of={resend} />
      <Rows name={words.screens.messages} entries={messages} columns={columns} keyOf={({ id }) => id} empty={said.empty} />
    </>
  );
};

const Made: FunctionComponent<{ message: Notification }> = ({ message: { order_id, created_at } }) => {
  const made = <span>{useDesk().formats.moment(created_at)}</span>;
  return order_id === null ? made : <a href={addressAt({ screen: 'orders', entry: order_id })}>{made}</a>;
};

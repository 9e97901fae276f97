/** The last messages to people: what left, what did not and why; and sending one again. */
import { getNotification, getNotificationHistory, type Notification, resendNotification } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { CommandNote } from '../../parts/command-note.tsx';
import { Field } from '../../parts/field.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt, type Place } from '../../router.ts';

type Status = Notification['status'];

const everyMs = 10_000;
const tones: Readonly<Record<Status, Tone>> = { pending: 'info', sent: 'ok', failed: 'bad', suppressed: 'warn' };
const statuses = Object.keys(tones) as Status[];

export const Messages: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, router } = useDesk();
  const { messages: said } = words;
  const status = statuses.find((name) => name === place.query['status']);
  const history = useEntity(getNotificationHistory, { query: {} }, { every_ms: everyMs });
  return (
    <>
      <h1>{words.screens.messages}</h1>
      <p class="quiet">{said.newest}</p>
      <search class="filters">
        <Field label={words.list.filter_status}>
          {(ids) => (
            <select
              {...ids}
              class="input"
              value={status ?? ''}
              onChange={({ currentTarget }) => router.refine({ status: currentTarget.value })}
            >
              <option value="">{words.list.every_status}</option>
              {statuses.map((name) => (
                <option key={name} value={name}>
                  {said.status[name]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </search>
      <Loaded from={history}>
        {({ body }) => {
          const shown = body.notifications.filter((message) => status === undefined || message.status === status);
          if (shown.length === 0) return <p class="empty">{said.empty}</p>;
          return <MessageTable messages={shown} changed={() => history.renew()} />;
        }}
      </Loaded>
    </>
  );
};

const MessageTable: FunctionComponent<{ messages: readonly Notification[]; changed(): Promise<void> }> = ({ messages, changed }) => {
  const { words, formats } = useDesk();
  const { messages: said } = words;
  const resend = useCommand<string, unknown>((ask) => ({
    send: (notification_id) => ask(resendNotification, { params: { notification_id }, body: {} }),
    // It may be on its way already, and twice is worse than not yet: once the shop answers again, the list says what became of it.
    wasDone: (notification_id) => ask(getNotification, { params: { notification_id } }).then(() => true),
  }));
  const columns = [
    { title: said.made },
    { title: words.orders.status },
    { title: said.recipient },
    { title: said.subject },
    { title: said.resend },
  ];
  return (
    <>
      <CommandNote of={resend} />
      <Table name={words.screens.messages} columns={columns}>
        {messages.map((message) => (
          <tr key={message.id}>
            <th scope="row">
              {message.order_id === null ? (
                formats.moment(message.created_at)
              ) : (
                <a href={addressAt({ screen: 'orders', entry: message.order_id })}>{formats.moment(message.created_at)}</a>
              )}
            </th>
            <td>
              <Chip tone={tones[message.status]}>{said.status[message.status]}</Chip>
              {message.failure !== null && <div class="small">{message.failure}</div>}
            </td>
            <td>{message.recipient}</td>
            <td>{message.subject ?? message.event_type}</td>
            <td>
              {(message.status === 'sent' || message.status === 'failed') && (
                <button
                  type="button"
                  class="button plain"
                  aria-label={said.resend_to(message.recipient)}
                  onClick={() => void resend.run(message.id).then((isDone) => (isDone ? changed() : undefined))}
                >
                  {said.resend}
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
};

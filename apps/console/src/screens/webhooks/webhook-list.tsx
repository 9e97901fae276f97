import { useSignal } from '@preact/signals';
import { type BodyOf, createWebhook, listWebhooks, type Webhook } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Checks } from '../../parts/checks.tsx';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Secret } from '../../parts/secret.tsx';
import { Table } from '../../parts/table.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { addressAt } from '../../router.ts';
import { WebhookStatus } from './webhook-status.tsx';

const rowsInPage = 50;
const urlMax = 2_000;
const descriptionMax = 500;

type Given = BodyOf<typeof createWebhook>;

export const WebhookList: FunctionComponent<{ cursor: string | undefined }> = ({ cursor }) => {
  const { words } = useDesk();
  const { webhooks: said } = words;
  const webhooks = useEntity(listWebhooks, { query: { limit: rowsInPage, ...(cursor !== undefined && { cursor }) } });
  const isOpen = useSignal(false);
  const made = useSignal<{ secret: string | undefined } | undefined>(undefined);
  return (
    <>
      <header class="page-head">
        <h1>{words.screens.webhooks}</h1>
        <button
          type="button"
          class="button"
          onClick={() => {
            isOpen.value = true;
          }}
        >
          {said.add}
        </button>
      </header>
      <Loaded from={webhooks}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{said.empty}</p>
          ) : (
            <>
              <WebhookTable webhooks={body} />
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
      {isOpen.value && (
        <WebhookDialog
          close={() => {
            isOpen.value = false;
          }}
          done={(secret) => {
            made.value = { secret };
            void webhooks.renew();
          }}
        />
      )}
      {made.value !== undefined && (
        <Secret
          title={said.made}
          secret={made.value.secret}
          lost={said.lost}
          close={() => {
            made.value = undefined;
          }}
        />
      )}
    </>
  );
};

const WebhookTable: FunctionComponent<{ webhooks: readonly Webhook[] }> = ({ webhooks }) => {
  const { words, formats } = useDesk();
  const { webhooks: said } = words;
  const columns = [
    { title: said.url },
    { title: said.description },
    { title: said.state },
    { title: said.events },
    { title: said.success },
  ];
  return (
    <Table name={words.screens.webhooks} columns={columns}>
      {webhooks.map((webhook) => (
        <tr key={webhook.id}>
          <th scope="row">
            <a href={addressAt({ screen: 'webhooks', entry: webhook.id })}>{webhook.url}</a>
          </th>
          <td>{webhook.description}</td>
          <td>
            <WebhookStatus webhook={webhook} />
          </td>
          <td>{webhook.event_types.map((type) => said.types[type]).join(', ')}</td>
          <td>{webhook.last_success_at === null ? words.none : formats.moment(webhook.last_success_at)}</td>
        </tr>
      ))}
    </Table>
  );
};

const WebhookDialog: FunctionComponent<{ close(): void; done(secret: string | undefined): void }> = ({ close, done }) => {
  const { words, now } = useDesk();
  const { webhooks: said } = words;
  const opened_ms = useSignal(now());
  const [url, description] = [useSignal('https://'), useSignal('')];
  const types = useSignal<ReadonlySet<string>>(new Set(['order.confirmed']));
  const create = useCommand<Given, { body: { secret: string } }>((ask) => ({
    send: (body) => ask(createWebhook, { body }),
    // An address may have several: one that was made since the dialog was opened is this one.
    wasDone: async (body) =>
      (await ask(listWebhooks, { query: { limit: 100 } })).body.some(
        (webhook) => webhook.url === body.url && Date.parse(webhook.created_at) >= opened_ms.value,
      ),
  }));
  return (
    <Dialog title={said.add} close={close}>
      <CommandForm
        of={create}
        word={said.add}
        close={close}
        send={async () => {
          const event_types = [...types.value] as Given['event_types'];
          if (!(await create.run({ url: url.value.trim(), description: description.value.trim(), event_types }))) return;
          const { value } = create.progress;
          close();
          done(value.state === 'done' ? value.result?.body.secret : undefined);
        }}
      >
        <TextField label={said.url} value={url} note={said.url_note} is_required length_max={urlMax} />
        <TextField label={said.description} value={description} length_max={descriptionMax} />
        <Checks legend={said.events} choices={said.types} chosen={types} has_names />
      </CommandForm>
    </Dialog>
  );
};

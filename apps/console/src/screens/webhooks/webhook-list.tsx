import { useSignal } from '@preact/signals';
import { type BodyOf, createWebhook, listWebhooks, type Webhook } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Checks } from '../../parts/checks.tsx';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Secret } from '../../parts/secret.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { addressAt, type Place } from '../../router.ts';
import { WebhookStatus } from './webhook-status.tsx';

const urlMax = 2_000;
const descriptionMax = 500;

type Given = BodyOf<typeof createWebhook>;

export const WebhookList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { webhooks: said } = words;
  const webhooks = useEntity(listWebhooks, { query: pageOf(place) });
  const made = useSignal<{ secret: string | undefined } | undefined>(undefined);
  const columns = [
    { title: said.url, cell: ({ id, url }: Webhook) => <a href={addressAt({ screen: 'webhooks', entry: id })}>{url}</a> },
    { title: said.description, cell: ({ description }: Webhook) => description },
    { title: said.state, cell: (webhook: Webhook) => <WebhookStatus webhook={webhook} /> },
    { title: said.events, cell: ({ event_types }: Webhook) => event_types.map((type) => said.types[type]).join(', ') },
    {
      title: said.success,
      cell: ({ last_success_at }: Webhook) => (last_success_at === null ? words.none : formats.moment(last_success_at)),
    },
  ];
  return (
    <>
      <header class="page-head">
        <h1>{words.screens.webhooks}</h1>
        <Opener word={said.add}>
          {(close) => (
            <WebhookDialog
              close={close}
              done={(secret) => {
                made.value = { secret };
                void webhooks.renew();
              }}
            />
          )}
        </Opener>
      </header>
      <List name={words.screens.webhooks} from={webhooks} columns={columns} keyOf={({ id }) => id} empty={said.empty} />
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

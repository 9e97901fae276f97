/** One webhook: its state, its secret, and what was posted to it. */
import { useSignal } from '@preact/signals';
import { getWebhook, type Webhook } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Secret } from '../../parts/secret.tsx';
import { addressAt, type Place } from '../../router.ts';
import { Deliveries } from './deliveries.tsx';
import { type WebhookAction, WebhookActionDialog } from './webhook-action.tsx';
import { WebhookStatus } from './webhook-status.tsx';

export const WebhookPage: FunctionComponent<{ place: Place; webhook_id: string }> = ({ place, webhook_id }) => {
  const { words } = useDesk();
  const { webhooks: said } = words;
  const webhook = useEntity(getWebhook, { params: { webhook_id } }, { isNewer: (known, read) => read.body.version >= known.body.version });
  return (
    <Loaded from={webhook}>
      {({ body, etag }) => (
        <>
          <header class="page-head">
            <div>
              <h1>{body.description || body.url}</h1>
              <p class="quiet">{body.url}</p>
            </div>
            <a class="button plain" href={addressAt({ screen: 'webhooks' })}>
              {said.all}
            </a>
          </header>
          <Actions webhook={body} etag={etag} changed={() => webhook.renew()} />
          <State webhook={body} />
          <Deliveries place={place} webhook_id={webhook_id} />
        </>
      )}
    </Loaded>
  );
};

interface ActionsProps {
  webhook: Webhook;
  etag: string | undefined;
  changed(): Promise<void>;
}

const Actions: FunctionComponent<ActionsProps> = ({ webhook, etag, changed }) => {
  const { words, router } = useDesk();
  const { webhooks: said } = words;
  const open = useSignal<WebhookAction | undefined>(undefined);
  const shown = useSignal<{ secret: string | undefined } | undefined>(undefined);
  const actions: readonly WebhookAction[] = [
    ...(webhook.status === 'active' ? (['ping', 'replay', 'pause'] as const) : (['resume'] as const)),
    'rotate',
    'end',
  ];
  return (
    <div class="buttons">
      {actions.map((action) => (
        <button
          key={action}
          type="button"
          class="button plain"
          onClick={() => {
            open.value = action;
          }}
        >
          {said[action]}
        </button>
      ))}
      {open.value !== undefined && (
        <WebhookActionDialog
          action={open.value}
          webhook={webhook}
          etag={etag}
          close={() => {
            open.value = undefined;
          }}
          done={async (action, secret) => {
            if (action === 'end') return router.go(addressAt({ screen: 'webhooks' }));
            if (action === 'rotate') shown.value = { secret };
            await changed();
          }}
        />
      )}
      {shown.value !== undefined && (
        <Secret
          title={said.made}
          secret={shown.value.secret}
          lost={said.lost}
          close={() => {
            shown.value = undefined;
          }}
        />
      )}
    </div>
  );
};

const State: FunctionComponent<{ webhook: Webhook }> = ({ webhook }) => {
  const { words, formats } = useDesk();
  const { webhooks: said } = words;
  const moment = (at: string | null): string => (at === null ? words.none : formats.moment(at));
  return (
    <Panel title={said.state} aside={<WebhookStatus webhook={webhook} />}>
      <dl class="facts">
        <dt>{said.events}</dt>
        <dd>{webhook.event_types.map((type) => said.types[type]).join(', ')}</dd>
        <dt>{said.success}</dt>
        <dd>{moment(webhook.last_success_at)}</dd>
        <dt>{said.failing}</dt>
        <dd>{moment(webhook.failing_since)}</dd>
        <dt>{said.created}</dt>
        <dd>{formats.moment(webhook.created_at)}</dd>
      </dl>
    </Panel>
  );
};

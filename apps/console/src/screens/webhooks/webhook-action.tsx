/** What administrators do with a webhook. Changes are made for the version that is shown. */
import { useSignal } from '@preact/signals';
import {
  changeWebhook,
  deleteWebhook,
  getWebhook,
  pingWebhook,
  replayDeliveries,
  rotateWebhookSecret,
  type Webhook,
} from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { type Ask, RefusedError } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { momentOf } from '../../parts/moment.ts';
import { MomentField } from '../../parts/moment-field.tsx';

export type WebhookAction = 'ping' | 'replay' | 'pause' | 'resume' | 'rotate' | 'end';

interface WebhookActionProps {
  action: WebhookAction;
  webhook: Webhook;
  etag: string | undefined;
  close(): void;
  /** With the new secret, where there is one. */
  done(action: WebhookAction, secret: string | undefined): Promise<void> | void;
}

/** Whether the webhook has another version by now, or is gone: the change was made then. */
async function wasChanged(ask: Ask, webhook: Webhook): Promise<boolean> {
  try {
    return (await ask(getWebhook, { params: { webhook_id: webhook.id } })).body.version > webhook.version;
  } catch (error) {
    if (error instanceof RefusedError && error.problem.status === 404) return true;
    throw error;
  }
}

export const WebhookActionDialog: FunctionComponent<WebhookActionProps> = ({ action, webhook, etag, close, done }) => {
  const { words } = useDesk();
  const { webhooks: said } = words;
  const [since, until] = [useSignal(''), useSignal('')];
  const isOnlyFailed = useSignal(true);
  const params = { webhook_id: webhook.id };
  const made = { params, ...(etag !== undefined && { if_match: etag }) };
  const act = useCommand<undefined, string | undefined>((ask) => ({
    send: async () => {
      const until_at = momentOf(until.value);
      if (action === 'ping') await ask(pingWebhook, { params, body: {} });
      else if (action === 'replay')
        await ask(replayDeliveries, {
          params,
          body: {
            since: momentOf(since.value) ?? webhook.created_at,
            only_failed: isOnlyFailed.value,
            ...(until_at !== undefined && { until: until_at }),
          },
        });
      else if (action === 'rotate') return (await ask(rotateWebhookSecret, { ...made, body: {} })).body.secret;
      else if (action === 'end') await ask(deleteWebhook, made);
      else await ask(changeWebhook, { ...made, body: { status: action === 'pause' ? 'paused' : 'active' } });
      return undefined;
    },
    // A further ping does no harm, and what is replayed keeps its ids.
    ...(action !== 'ping' && action !== 'replay' && { wasDone: () => wasChanged(ask, webhook) }),
  }));
  const means: Readonly<Record<WebhookAction, string>> = {
    ping: said.pinged,
    replay: said.replay_means,
    pause: said.pause_means,
    resume: said.resume_means,
    rotate: said.rotate_means,
    end: said.end_means,
  };
  return (
    <Confirm
      title={action === 'end' ? said.end_title(webhook.url) : action === 'replay' ? said.replay_title : said[action]}
      word={said[action]}
      is_dangerous={action === 'end'}
      of={act}
      close={close}
      done={() => {
        // As it is when it is over, not as it was when this was drawn.
        const progress = act.progress.peek();
        return done(action, progress.state === 'done' ? progress.result : undefined);
      }}
    >
      <p>{means[action]}</p>
      {action === 'replay' && (
        <>
          <MomentField label={said.since} value={since} is_required />
          <MomentField label={said.until} value={until} />
          <label class="choice">
            <input
              type="checkbox"
              checked={isOnlyFailed.value}
              onChange={({ currentTarget }) => {
                isOnlyFailed.value = currentTarget.checked;
              }}
            />
            {said.only_failed}
          </label>
        </>
      )}
    </Confirm>
  );
};

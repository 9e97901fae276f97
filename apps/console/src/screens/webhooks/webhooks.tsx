/** Where events are posted to: the list, and one of them. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { Place } from '../../router.ts';
import { isAdmin } from '../../session.ts';
import { WebhookList } from './webhook-list.tsx';
import { WebhookPage } from './webhook-page.tsx';

export const Webhooks: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, session } = useDesk();
  if (!isAdmin(session.current.value))
    return (
      <>
        <h1>{words.screens.webhooks}</h1>
        <p class="notice warn">{words.webhooks.admins}</p>
      </>
    );
  return place.entry === undefined ? (
    <WebhookList place={place} />
  ) : (
    <WebhookPage key={place.entry} place={place} webhook_id={place.entry} />
  );
};

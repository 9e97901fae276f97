import { formatMoment, html } from '@souk/ui';
import type { AccountMessagesView } from '../account-views.ts';
import { accountMessagesPath } from '../addresses.ts';
import { accountFrame } from '../parts/account-frame.ts';

export function accountMessagesPage({ frame, messages }: AccountMessagesView): string {
  const { locale, words } = frame.tongue;
  const { account } = words;
  const entries = messages?.map(({ subject, body, recipient, created_at, sent_at }) => {
    const moment = sent_at ?? created_at;
    return html`<li><details><summary><b dir="auto">${subject ?? account.messages}</b> <span class="quiet">${sent_at === null ? account.not_sent : account.sent_at} <time datetime="${moment}">${formatMoment(locale, 'UTC', moment)}</time> UTC</span></summary><p class="quiet" dir="auto">${recipient}</p><pre class="letter-text" dir="auto">${body}</pre></details></li>`;
  });
  return accountFrame({
    frame,
    path: accountMessagesPath,
    title: account.messages,
    main: html`${entries === undefined ? html`<p class="banner">${account.away}</p>` : entries.length === 0 ? html`<p>${account.messages_none}</p>` : html`<ul class="list letters">${entries}</ul>`}`,
  });
}

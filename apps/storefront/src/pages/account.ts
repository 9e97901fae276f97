import { html } from '@souk/ui';
import type { AccountView } from '../account-views.ts';
import { accountPath } from '../addresses.ts';
import { accountFrame } from '../parts/account-frame.ts';

export function accountPage({ frame, user }: AccountView): string {
  const { account } = frame.tongue.words;
  const isUnverified = user.kind !== 'guest' && !user.email_verified;
  return accountFrame({
    frame,
    path: accountPath,
    title: account.title,
    main: html`<p dir="auto">${account.greeting(user.full_name)}</p>
<dl class="facts"><div><dt>${account.email}</dt><dd dir="auto">${user.email}</dd></div></dl>
${isUnverified && html`<p class="banner">${account.email_unverified}</p>`}`,
  });
}

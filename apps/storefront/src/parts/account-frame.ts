/** What is around the pages of an account: where else one can go in it, and the way out. */
import { type Html, html } from '@souk/ui';
import { accountMessagesPath, accountOrdersPath, accountPath, erasePath, profilePath, securityPath, signOutPath } from '../addresses.ts';
import type { FrameView } from '../views.ts';
import { breadcrumbs, framePage } from './frame.ts';

export interface AccountPage {
  readonly frame: FrameView;
  readonly path: string;
  readonly title: string;
  readonly main: Html;
}

export function accountFrame({ frame, path, title, main }: AccountPage): string {
  const { account } = frame.tongue.words;
  const entries = [
    [accountOrdersPath, account.orders],
    [accountMessagesPath, account.messages],
    [profilePath, account.profile],
    [securityPath, account.security],
    [erasePath, account.erase],
  ] as const;
  return framePage({
    frame,
    title: `${title} – ${frame.shop_name}`,
    description: title,
    unlisted: true,
    main: html`${path !== accountPath && breadcrumbs(frame.tongue, [{ path: accountPath, name: account.title }])}
<div class="account">
<nav class="sections" aria-label="${account.title}"><ul class="list">${entries.map(([to, words]) => html`<li><a href="${to}" aria-current="${to === path && 'page'}">${words}</a></li>`)}</ul>
<form action="${signOutPath}" method="post"><button class="button plain" type="submit">${account.sign_out}</button></form></nav>
<div class="parts"><h1>${title}</h1>
${main}</div>
</div>`,
  });
}

/** What was done just now. */
export function doneBanner(words: string | undefined): Html | undefined {
  return words === undefined ? undefined : html`<p class="banner ok" role="status">${words}</p>`;
}

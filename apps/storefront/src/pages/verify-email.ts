import { html } from '@souk/ui';
import type { VerifyEmailView } from '../account-views.ts';
import { accountPath, verifyEmailPath } from '../addresses.ts';
import { doneBanner } from '../parts/account-frame.ts';
import { form } from '../parts/form.ts';
import { framePage } from '../parts/frame.ts';

/** A link confirms nothing by being opened: programs open links in mail to look at what is behind them. */
export function verifyEmailPage({ token, done, ...view }: VerifyEmailView): string {
  const { frame } = view;
  const { account } = frame.tongue.words;
  const confirm = html`<p>${account.verify_why}</p>${form({ ...view, action: verifyEmailPath, submit: account.verify, fields: [], hidden: { token } })}`;
  return framePage({
    frame,
    title: `${account.verify} – ${frame.shop_name}`,
    description: account.verify,
    unlisted: true,
    main: html`<div class="narrow"><h1>${account.verify}</h1>
${done ? html`${doneBanner(account.verify_done)}<p><a class="button" href="${accountPath}">${account.title}</a></p>` : token === undefined ? html`<p>${account.verify_no_link}</p>` : confirm}</div>`,
  });
}

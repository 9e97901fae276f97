import { ChangeUser, type OpenSession, RegisterUser } from '@souk/contracts';
import { formatMoment, type Html, html } from '@souk/ui';
import type { SecurityView } from '../account-views.ts';
import { passwordPath, secondFactorPath, securityPath, sessionsPath } from '../addresses.ts';
import { accountFrame, doneBanner } from '../parts/account-frame.ts';
import { form, limitsOf } from '../parts/form.ts';
import type { FrameView } from '../views.ts';

export function securityPage({ sessions, notice, ...view }: SecurityView): string {
  const { frame } = view;
  const { account } = frame.tongue.words;
  const fields = [
    {
      id: 'current_password',
      label: account.current_password,
      type: 'password',
      autocomplete: 'current-password',
      required: true,
      ...limitsOf(ChangeUser.properties.current_password),
    },
    {
      id: 'password',
      label: account.new_password,
      hint: account.password_hint,
      type: 'password',
      autocomplete: 'new-password',
      required: true,
      ...limitsOf(RegisterUser.properties.password),
    },
  ] as const;
  return accountFrame({
    frame,
    path: securityPath,
    title: account.security,
    main: html`${doneBanner(notice && account[notice])}
<section><h2>${account.change_password}</h2>
${form({ ...view, action: passwordPath, submit: account.change_password, fields })}</section>
<section><h2>${frame.tongue.words.factor.title}</h2><p>${frame.tongue.words.factor.why}</p><p><a class="button plain" href="${secondFactorPath}">${frame.tongue.words.factor.open}</a></p></section>
<section><h2>${account.sessions}</h2>
${sessions === undefined ? html`<p class="banner">${account.away}</p>` : list(frame, sessions)}
${sessions !== undefined && sessions.length > 1 && html`<form action="${sessionsPath}" method="post"><button class="button plain" type="submit">${account.end_sessions}</button></form>`}</section>`,
  });
}

function list({ tongue: { locale, words } }: FrameView, sessions: readonly OpenSession[]): Html {
  const { account } = words;
  const moment = (at: string): Html => html`<time datetime="${at}">${formatMoment(locale, 'UTC', at)}</time> UTC`;
  return html`<ul class="list sessions">${sessions.map(({ current, created_at, renewed_at }) => html`<li><b>${current ? account.session_this : account.session_other}</b> <span class="quiet">${account.session_since} ${moment(created_at)}, ${account.session_used} ${moment(renewed_at)}</span></li>`)}</ul>`;
}

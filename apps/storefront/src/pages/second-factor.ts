/** The second factor of an account: set up with an authenticator app, and removed. */
import { ChangeUser, SecondFactorCode } from '@souk/contracts';
import { type Html, html } from '@souk/ui';
import type { SecondFactorView } from '../account-views.ts';
import { secondFactorPath, securityPath } from '../addresses.ts';
import { accountFrame, doneBanner } from '../parts/account-frame.ts';
import { form, limitsOf } from '../parts/form.ts';

const groupLength = 4;

export function secondFactorPage(view: SecondFactorView): string {
  const { frame, state, recovery_codes, enrolment, removed } = view;
  const { factor, account } = frame.tongue.words;
  return accountFrame({
    frame,
    path: secondFactorPath,
    title: factor.title,
    main: html`${doneBanner(removed ? factor.removed : undefined)}
${
  recovery_codes !== undefined
    ? codes(view, recovery_codes)
    : enrolment !== undefined
      ? confirming(view, enrolment)
      : state === undefined
        ? html`<p class="banner">${account.away}</p>`
        : byPassword(view, state)
}
<p><a href="${securityPath}">${account.security}</a></p>`,
  });
}

function byPassword(view: SecondFactorView, { status, recovery_codes_left, required }: NonNullable<SecondFactorView['state']>): Html {
  const { factor, account } = view.frame.tongue.words;
  const isOn = status === 'enabled';
  return html`<p>${isOn ? factor.is_on(recovery_codes_left) : factor.is_off}</p>${required && html`<p class="quiet">${factor.required}</p>`}
${form({
  ...view,
  action: secondFactorPath,
  submit: isOn ? factor.remove : factor.begin,
  hidden: { step: isOn ? 'remove' : 'begin' },
  fields: [
    {
      id: 'current_password',
      label: account.current_password,
      type: 'password',
      autocomplete: 'current-password',
      required: true,
      ...limitsOf(ChangeUser.properties.current_password),
    },
  ],
})}`;
}

/** The key is typed into the app by hand, or opened with it: a picture to scan would need more than a page without scripts has. */
function confirming(view: SecondFactorView, { secret, uri }: NonNullable<SecondFactorView['enrolment']>): Html {
  const { factor } = view.frame.tongue.words;
  const groups = secret.match(new RegExp(`.{1,${groupLength}}`, 'g')) ?? [];
  return html`<p>${factor.type_in}</p>
<dl class="facts"><div><dt>${factor.key}</dt><dd><code class="key">${groups.join(' ')}</code></dd></div><div><dt>${factor.address}</dt><dd><code class="key">${uri}</code></dd></div></dl>
${form({
  ...view,
  action: secondFactorPath,
  submit: factor.confirm,
  hidden: { step: 'confirm', secret, uri },
  fields: [{ id: 'code', label: factor.code, type: 'text', autocomplete: 'one-time-code', required: true, ...limitsOf(SecondFactorCode) }],
})}`;
}

function codes({ frame }: SecondFactorView, recovery_codes: readonly string[]): Html {
  const { factor } = frame.tongue.words;
  return html`<p class="banner ok" role="status">${factor.done}</p><p>${factor.keep_codes}</p>
<ul class="list codes">${recovery_codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>`;
}

import { Credentials } from '@souk/contracts';
import { html } from '@souk/ui';
import type { SignInView } from '../account-views.ts';
import { passwordResetPath, registerPath, returningTo, signInPath } from '../addresses.ts';
import { doneBanner } from '../parts/account-frame.ts';
import { form, limitsOf } from '../parts/form.ts';
import { framePage } from '../parts/frame.ts';

export function signInPage({ to, needs_code, notice, ...view }: SignInView): string {
  const { frame } = view;
  const { account } = frame.tongue.words;
  const { login, password, code } = Credentials.properties;
  const fields = [
    { id: 'login', label: account.login, autocomplete: 'username', required: true, ...limitsOf(login) },
    { id: 'password', label: account.password, type: 'password', autocomplete: 'current-password', required: true, ...limitsOf(password) },
    ...(needs_code ? [{ id: 'code', label: account.code, autocomplete: 'one-time-code', required: true, ...limitsOf(code) } as const] : []),
  ] as const;
  return framePage({
    frame,
    title: `${account.sign_in} – ${frame.shop_name}`,
    description: account.sign_in,
    unlisted: true,
    main: html`<div class="narrow"><h1>${account.sign_in}</h1>
${doneBanner(notice && account[notice])}
${form({ ...view, action: signInPath, submit: account.sign_in, fields, hidden: { to, with_code: needs_code ? 'true' : undefined } })}
<p><a href="${passwordResetPath}">${account.forgotten}</a></p>
<p>${account.no_account} <a href="${returningTo(registerPath, to)}">${account.register}</a></p></div>`,
  });
}

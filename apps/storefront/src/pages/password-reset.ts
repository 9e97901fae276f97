import { RegisterUser } from '@souk/contracts';
import { html } from '@souk/ui';
import type { PasswordResetView } from '../account-views.ts';
import { passwordResetPath } from '../addresses.ts';
import { doneBanner } from '../parts/account-frame.ts';
import { form, limitsOf } from '../parts/form.ts';
import { framePage } from '../parts/frame.ts';

/** Asks for a link; with the token of a link it asks for the new password. */
export function passwordResetPage({ token, sent, ...view }: PasswordResetView): string {
  const { frame } = view;
  const { account } = frame.tongue.words;
  const { email, password } = RegisterUser.properties;
  const ask = form({
    ...view,
    action: passwordResetPath,
    submit: account.reset_send,
    fields: [{ id: 'email', label: account.email, type: 'email', autocomplete: 'email', required: true, ...limitsOf(email) }],
  });
  const set = form({
    ...view,
    action: passwordResetPath,
    submit: account.reset,
    hidden: { token },
    fields: [
      {
        id: 'password',
        label: account.new_password,
        hint: account.password_hint,
        type: 'password',
        autocomplete: 'new-password',
        required: true,
        ...limitsOf(password),
      },
    ],
  });
  return framePage({
    frame,
    title: `${account.reset} – ${frame.shop_name}`,
    description: account.reset,
    unlisted: true,
    main: html`<div class="narrow"><h1>${account.reset}</h1>
${sent ? doneBanner(account.reset_sent) : token === undefined ? html`<p>${account.reset_why}</p>${ask}` : set}</div>`,
  });
}

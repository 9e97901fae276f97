import { RegisterUser } from '@souk/contracts';
import { html } from '@souk/ui';
import type { RegisterView } from '../account-views.ts';
import { registerPath, returningTo, signInPath } from '../addresses.ts';
import { form, limitsOf } from '../parts/form.ts';
import { framePage } from '../parts/frame.ts';

export function registerPage({ to, ...view }: RegisterView): string {
  const { frame } = view;
  const { account } = frame.tongue.words;
  const { username, email, full_name, phone, password } = RegisterUser.properties;
  const required = true;
  const fields = [
    { id: 'full_name', label: account.full_name, autocomplete: 'name', required, ...limitsOf(full_name) },
    { id: 'email', label: account.email, type: 'email', autocomplete: 'email', required, ...limitsOf(email) },
    { id: 'username', label: account.username, hint: account.username_hint, autocomplete: 'username', required, ...limitsOf(username) },
    { id: 'phone', label: account.phone, hint: account.phone_hint, type: 'tel', autocomplete: 'tel', ...limitsOf(phone) },
    {
      id: 'password',
      label: account.password,
      hint: account.password_hint,
      type: 'password',
      autocomplete: 'new-password',
      required,
      ...limitsOf(password),
    },
  ] as const;
  return framePage({
    frame,
    title: `${account.register} – ${frame.shop_name}`,
    description: account.register,
    unlisted: true,
    main: html`<div class="narrow"><h1>${account.register}</h1>
${form({ ...view, action: registerPath, submit: account.register, fields, hidden: { to } })}
<p>${account.have_account} <a href="${returningTo(signInPath, to)}">${account.sign_in}</a></p></div>`,
  });
}

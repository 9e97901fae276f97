import { ChangeUser, RegisterUser } from '@souk/contracts';
import { html } from '@souk/ui';
import type { ProfileView } from '../account-views.ts';
import { profilePath } from '../addresses.ts';
import { accountFrame, doneBanner } from '../parts/account-frame.ts';
import { form, limitsOf } from '../parts/form.ts';

export function profilePage({ user, saved, ...view }: ProfileView): string {
  const { frame } = view;
  const { account } = frame.tongue.words;
  const { username, email, full_name, phone } = RegisterUser.properties;
  const { current_password } = ChangeUser.properties;
  const required = true;
  const fields = [
    { id: 'full_name', label: account.full_name, autocomplete: 'name', required, ...limitsOf(full_name) },
    { id: 'username', label: account.username, hint: account.username_hint, autocomplete: 'username', required, ...limitsOf(username) },
    { id: 'phone', label: account.phone, hint: account.phone_hint, type: 'tel', autocomplete: 'tel', ...limitsOf(phone) },
    { id: 'email', label: account.email, type: 'email', autocomplete: 'email', required, ...limitsOf(email) },
    {
      id: 'current_password',
      label: account.email_password,
      type: 'password',
      autocomplete: 'current-password',
      ...limitsOf(current_password),
    },
  ] as const;
  const values = { full_name: user.full_name, username: user.username, email: user.email, phone: user.phone ?? '', ...view.values };
  return accountFrame({
    frame,
    path: profilePath,
    title: account.profile,
    main: html`${doneBanner(saved ? account.saved : undefined)}${form({ ...view, values, action: profilePath, submit: account.save, fields })}`,
  });
}

import { ChangeUser } from '@souk/contracts';
import { html } from '@souk/ui';
import type { FormView } from '../account-views.ts';
import { erasePath } from '../addresses.ts';
import { accountFrame } from '../parts/account-frame.ts';
import { form, limitsOf } from '../parts/form.ts';

const wordLengthMax = 40;

/** What is typed to confirm that the account is to be erased. */
export function erasePage(view: FormView): string {
  const { frame } = view;
  const { account } = frame.tongue.words;
  const fields = [
    { id: 'confirm', label: account.erase_type(account.erase_word), autocomplete: 'off', required: true, maxlength: wordLengthMax },
    {
      id: 'current_password',
      label: account.current_password,
      type: 'password',
      autocomplete: 'current-password',
      required: frame.person?.is_guest !== true,
      ...limitsOf(ChangeUser.properties.current_password),
    },
  ] as const;
  return accountFrame({
    frame,
    path: erasePath,
    title: account.erase,
    main: html`<p>${account.erase_why}</p>${form({ ...view, action: erasePath, submit: account.erase, fields })}`,
  });
}

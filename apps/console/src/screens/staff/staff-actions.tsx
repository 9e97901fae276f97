/** What administrators do to an account of the staff. */
import { useSignal } from '@preact/signals';
import { endSessionsOf, getUser, resetSecondFactor, type StaffAccount, setRole } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { versionTag } from '../../live/version-tag.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { type Role, RoleField } from './role-field.tsx';

interface ActionProps {
  account: StaffAccount;
  close(): void;
  changed(): Promise<void>;
}

export const RoleDialog: FunctionComponent<ActionProps> = ({ account, close, changed }) => {
  const { words } = useDesk();
  const { staff: said } = words;
  const role = useSignal<Role>(account.role);
  const params = { user_id: account.id };
  const give = useCommand<Role, unknown>((ask) => ({
    send: (wanted) => ask(setRole, { params, body: { role: wanted }, if_match: versionTag(account) }),
    wasDone: async (wanted) => (await ask(getUser, { params })).body.role === wanted,
  }));
  return (
    <Dialog title={said.change_role_of(account.full_name)} close={close}>
      <CommandForm
        of={give}
        word={said.change_role}
        close={close}
        send={async () => {
          if (!(await give.run(role.value))) return;
          close();
          await changed();
        }}
      >
        <p>{said.follows}</p>
        <RoleField role={role} />
      </CommandForm>
    </Dialog>
  );
};

export const EndSessions: FunctionComponent<ActionProps> = ({ account, close, changed }) => {
  const { staff: said } = useDesk().words;
  // Sessions that have ended cannot end again.
  const end = useCommand<undefined, unknown>((ask) => ({ send: () => ask(endSessionsOf, { params: { user_id: account.id } }) }));
  const title = said.end_sessions_of(account.full_name);
  return (
    <Confirm title={title} word={said.end_sessions} is_dangerous of={end} close={close} done={changed}>
      <p>{said.end_means}</p>
    </Confirm>
  );
};

export const ResetFactor: FunctionComponent<ActionProps> = ({ account, close, changed }) => {
  const { staff: said } = useDesk().words;
  // One that is gone is gone.
  const reset = useCommand<undefined, unknown>((ask) => ({ send: () => ask(resetSecondFactor, { params: { user_id: account.id } }) }));
  return (
    <Confirm title={said.reset_of(account.full_name)} word={said.reset} is_dangerous of={reset} close={close} done={changed}>
      <p>{said.reset_means}</p>
    </Confirm>
  );
};

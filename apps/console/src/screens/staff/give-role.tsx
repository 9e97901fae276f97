/** Gives a role to an account that is named: who has none of the staff stands in no list here. */
import { useSignal } from '@preact/signals';
import { listUsers, setRole, type User } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { Ask } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { accountNamed } from './account-named.ts';
import { type Role, RoleField } from './role-field.tsx';

const foundMax = 100;

async function find(ask: Ask, login: string): Promise<User | undefined> {
  return accountNamed((await ask(listUsers, { query: { q: login, limit: foundMax } })).body, login);
}

export const GiveRole: FunctionComponent<{ close(): void; changed(): Promise<void> }> = ({ close, changed }) => {
  const { staff: said } = useDesk().words;
  const form = useForm({ login: '' });
  const role = useSignal<Role>('staff');
  const give = useCommand<{ login: string; role: Role }, unknown>((ask) => ({
    // Given twice it is the same role.
    async send({ login, ...body }) {
      const user = await find(ask, login);
      if (user === undefined) throw new Error(said.no_account);
      return ask(setRole, { params: { user_id: user.id }, body });
    },
  }));
  return (
    <Dialog title={said.give} close={close}>
      <CommandForm
        of={give}
        faults={form.faults.value}
        word={said.give}
        close={close}
        send={async () => {
          const login = form.read((typed) => typed.text('login'));
          if (login === undefined || !(await give.run({ login, role: role.value }))) return;
          close();
          await changed();
        }}
      >
        <p>{said.follows}</p>
        <TextField label={said.login} note={said.login_note} pointer="/login" value={form.typed.login} is_required />
        <RoleField role={role} />
      </CommandForm>
    </Dialog>
  );
};

import type { Signal } from '@preact/signals';
import type { User } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { SelectField } from '../../parts/select-field.tsx';

export type Role = User['role'];

const roles: readonly Role[] = ['customer', 'staff', 'admin'];

export const RoleField: FunctionComponent<{ role: Signal<Role> }> = ({ role }) => {
  const { words } = useDesk();
  return (
    <SelectField
      label={words.staff.role}
      note={words.staff.may[role.value]}
      pointer="/role"
      choices={roles.map((name) => [name, words.roles(name)] as const)}
      value={role.value}
      choose={(name) => {
        role.value = name as Role;
      }}
    />
  );
};

/** A screen for administrators; others read that it is. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { isAdmin } from '../session.ts';

interface AdminsOnlyProps {
  title: string;
  /** Said to others. */
  otherwise?: string;
  children: ComponentChildren;
}

export const AdminsOnly: FunctionComponent<AdminsOnlyProps> = ({ title, otherwise, children }) => {
  const { words, session } = useDesk();
  return (
    <>
      <h1>{title}</h1>
      {isAdmin(session.current.value) ? children : <p class="notice warn">{otherwise ?? words.admins_only}</p>}
    </>
  );
};

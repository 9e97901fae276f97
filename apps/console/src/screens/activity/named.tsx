/** Accounts by the names they have now. */
import { createContext, type FunctionComponent } from 'preact';
import { useContext } from 'preact/hooks';
import { useDesk } from '../../desk.ts';
import { actorNamed } from './action-texts.ts';

export const NamesContext = createContext<ReadonlyMap<string, string>>(new Map());

/** An account that was erased has no name any more. */
export const Named: FunctionComponent<{ id: string }> = ({ id }) => {
  const { words } = useDesk();
  const name = useContext(NamesContext).get(id);
  return <span title={id}>{name ?? words.activity.gone(id)}</span>;
};

export const ByWhom: FunctionComponent<{ actor: string }> = ({ actor }) => {
  const { activity: said } = useDesk().words;
  const named = actorNamed(actor);
  if (named === undefined) return <span>{actor}</span>;
  return (
    <>
      <Named id={named.user_id} />
      {named.key_id !== undefined && <div class="quiet small">{said.key(named.key_id)}</div>}
    </>
  );
};

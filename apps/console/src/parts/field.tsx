/** A label with what is typed or chosen, and what is wrong with it. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useContext, useId } from 'preact/hooks';
import { faultAt } from '../live/faults.ts';
import { FaultsContext } from './faults-context.ts';

interface FieldProps {
  label: string;
  note?: ComponentChildren;
  /** Of the member that is typed here, in the body that is sent: what is wrong with it is said beside it. */
  pointer?: string | undefined;
  /** Gets the ids to tie the control to. */
  children(ids: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }): ComponentChildren;
}

export const Field: FunctionComponent<FieldProps> = ({ label, note, pointer, children }) => {
  const id = useId();
  const faults = useContext(FaultsContext);
  const fault = pointer === undefined ? undefined : faultAt(faults, pointer);
  const [note_id, fault_id] = [`${id}-note`, `${id}-fault`];
  const described = [fault !== undefined && fault_id, note !== undefined && note_id].filter((name) => name !== false);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': fault === undefined ? undefined : true,
      })}
      {fault !== undefined && (
        <p id={fault_id} class="fault small" lang={fault.language}>
          {fault.detail}
        </p>
      )}
      {note !== undefined && (
        <p id={note_id} class="quiet small">
          {note}
        </p>
      )}
    </div>
  );
};

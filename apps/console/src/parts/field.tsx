/** A label with what is typed or chosen, and what is wrong with it. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  note?: ComponentChildren;
  /** Gets the ids to tie the control to. */
  children(ids: { id: string; 'aria-describedby': string | undefined }): ComponentChildren;
}

export const Field: FunctionComponent<FieldProps> = ({ label, note, children }) => {
  const id = useId();
  const note_id = `${id}-note`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': note === undefined ? undefined : note_id })}
      {note !== undefined && (
        <p id={note_id} class="quiet small">
          {note}
        </p>
      )}
    </div>
  );
};

/** Date and time, in the time zone in which the console writes all others: that of the browser. */
import type { Signal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { Field } from './field.tsx';

interface MomentFieldProps {
  label: string;
  note?: ComponentChildren;
  pointer?: string;
  value: Signal<string>;
  is_required?: boolean;
}

export const MomentField: FunctionComponent<MomentFieldProps> = ({ label, note, pointer, value, is_required = false }) => (
  <Field label={label} note={note} pointer={pointer}>
    {(ids) => (
      <input
        {...ids}
        class="input"
        type="datetime-local"
        required={is_required}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
    )}
  </Field>
);

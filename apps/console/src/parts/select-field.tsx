/** One of a fixed list. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { Field } from './field.tsx';

interface SelectFieldProps {
  label: string;
  note?: ComponentChildren;
  pointer?: string;
  is_required?: boolean;
  /** Value and words; an empty value for none of them. */
  choices: readonly (readonly [string, string])[];
  value: string;
  choose(value: string): void;
}

export const SelectField: FunctionComponent<SelectFieldProps> = ({ label, note, pointer, is_required = false, choices, value, choose }) => (
  <Field label={label} note={note} pointer={pointer}>
    {(ids) => (
      <select {...ids} class="input" required={is_required} value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {choices.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** A line of text that is typed into a signal. */
import type { Signal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { Field } from './field.tsx';

interface TextFieldProps {
  label: string;
  value: Signal<string>;
  note?: ComponentChildren;
  is_required?: boolean;
  is_invalid?: boolean;
  length_max?: number;
  input_mode?: 'decimal' | 'numeric' | 'text';
}

const lineMax = 100;

export const TextField: FunctionComponent<TextFieldProps> = ({
  label,
  value,
  note,
  is_required = false,
  is_invalid = false,
  length_max = lineMax,
  input_mode = 'text',
}) => (
  <Field label={label} note={note}>
    {(ids) => (
      <input
        {...ids}
        class="input"
        inputMode={input_mode}
        autocomplete="off"
        required={is_required}
        aria-invalid={is_invalid}
        maxLength={length_max}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
    )}
  </Field>
);

/** Text that is typed into a signal: a line, or several. */
import type { Signal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { Field } from './field.tsx';

interface TextFieldProps {
  label: string;
  value: Signal<string>;
  note?: ComponentChildren;
  pointer?: string;
  is_required?: boolean;
  is_invalid?: boolean;
  length_max?: number;
  input_mode?: 'decimal' | 'numeric' | 'text';
  /** More than one make room for as many. */
  lines?: number;
}

const lineMax = 100;
const textMax = 20_000;

export const TextField: FunctionComponent<TextFieldProps> = ({
  label,
  value,
  note,
  pointer,
  is_required = false,
  is_invalid = false,
  lines = 1,
  length_max = lines === 1 ? lineMax : textMax,
  input_mode = 'text',
}) => (
  <Field label={label} note={note} pointer={pointer}>
    {(ids) => {
      const given = {
        ...ids,
        'aria-invalid': is_invalid ? true : ids['aria-invalid'],
        class: 'input',
        required: is_required,
        maxLength: length_max,
        value: value.value,
        onInput: ({ currentTarget }: { currentTarget: { value: string } }) => {
          value.value = currentTarget.value;
        },
      };
      return lines > 1 ? <textarea {...given} rows={lines} /> : <input {...given} inputMode={input_mode} autocomplete="off" />;
    }}
  </Field>
);

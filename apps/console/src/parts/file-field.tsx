/** A CSV file that is chosen. */
import type { Signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { Field } from './field.tsx';

interface FileFieldProps {
  label: string;
  note: string;
  file: Signal<File | undefined>;
}

export const FileField: FunctionComponent<FileFieldProps> = ({ label, note, file }) => (
  <Field label={label} note={note}>
    {(ids) => (
      <input
        {...ids}
        class="input"
        type="file"
        accept=".csv,text/csv"
        required
        onChange={({ currentTarget }) => {
          file.value = currentTarget.files?.[0];
        }}
      />
    )}
  </Field>
);

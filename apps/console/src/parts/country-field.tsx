/** A country, chosen by its name. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { SelectField } from './select-field.tsx';

interface CountryFieldProps {
  label: string;
  value: string;
  pointer?: string;
  choose(country: string): void;
}

export const CountryField: FunctionComponent<CountryFieldProps> = ({ label, value, pointer, choose }) => {
  const { words, formats } = useDesk();
  const choices = formats.countries().map(({ code, name }) => [code, name] as const);
  return (
    <SelectField
      label={label}
      choices={[['', words.choose], ...choices]}
      value={value}
      choose={choose}
      is_required
      {...(pointer !== undefined && { pointer })}
    />
  );
};

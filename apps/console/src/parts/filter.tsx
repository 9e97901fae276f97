/** Shows a part of a list; what was chosen stands in the address. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { SelectField } from './select-field.tsx';

interface FilterProps {
  label: string;
  /** Member of the query. */
  name: string;
  choices: readonly (readonly [string, string])[];
  value: string;
}

export const Filter: FunctionComponent<FilterProps> = ({ label, name, choices, value }) => {
  const { router } = useDesk();
  return (
    <search class="filters">
      <SelectField
        label={label}
        choices={choices}
        value={value}
        choose={(chosen) => router.refine({ [name]: chosen, cursor: undefined })}
      />
    </search>
  );
};

/** What is looked for in a list; it stands in the address as `q`. */
import type { Signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { TextField } from './text-field.tsx';

export const SearchForm: FunctionComponent<{ label: string; typed: Signal<string> }> = ({ label, typed }) => {
  const { words, router } = useDesk();
  return (
    <search>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          router.refine({ q: typed.value.trim(), cursor: undefined });
        }}
      >
        <TextField label={label} value={typed} />
        <button type="submit" class="button plain">
          {words.list.find}
        </button>
      </form>
    </search>
  );
};

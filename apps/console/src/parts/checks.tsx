/** Several of a fixed list, as boxes that are ticked. */
import type { Signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';

interface ChecksProps {
  legend: string;
  /** Each with its words, in the order in which they are shown. */
  choices: Readonly<Record<string, string>>;
  chosen: Signal<ReadonlySet<string>>;
  /** The API calls them so too: names of events, scopes. */
  has_names?: boolean;
}

export const Checks: FunctionComponent<ChecksProps> = ({ legend, choices, chosen, has_names = false }) => (
  <fieldset class="checks">
    <legend>{legend}</legend>
    {Object.entries(choices).map(([name, words]) => (
      <label key={name} class="choice">
        <input
          type="checkbox"
          checked={chosen.value.has(name)}
          onChange={({ currentTarget }) => {
            const kept = [...chosen.value].filter((each) => each !== name);
            chosen.value = new Set(currentTarget.checked ? [...kept, name] : kept);
          }}
        />
        <span>
          {words} {has_names && <code>{name}</code>}
        </span>
      </label>
    ))}
  </fieldset>
);

/** The form of a command: its fields, what is known of it, and two buttons that say what they do. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import type { Command } from '../live/command.ts';
import { type Fault, faultsOf } from '../live/faults.ts';
import { CommandNote } from './command-note.tsx';
import { FaultsContext } from './faults-context.ts';

interface CommandFormProps {
  of: Pick<Command<never, unknown>, 'progress'>;
  /** What is wrong with what was typed, found before it was sent. */
  faults?: readonly Fault[] | undefined;
  /** What the button does. */
  word: string;
  is_dangerous?: boolean;
  close(): void;
  send(): Promise<void>;
  children: ComponentChildren;
}

export const CommandForm: FunctionComponent<CommandFormProps> = ({ of, faults, word, is_dangerous, close, send, children }) => {
  const { words } = useDesk();
  const progress = of.progress.value;
  const isBusy = progress.state === 'sending' || progress.state === 'asking';
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const focused = document.activeElement;
    await send();
    // Drawn by then: the first field that is wrong takes the focus, unless it was taken elsewhere meanwhile, where somebody may be typing.
    requestAnimationFrame(() => {
      if (document.activeElement === focused) form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <FaultsContext.Provider value={faults === undefined || faults.length === 0 ? faultsOf(progress) : faults}>
        {children}
      </FaultsContext.Provider>
      <CommandNote of={of} />
      <div class="buttons">
        <button type="button" class="button plain" onClick={close}>
          {words.cancel}
        </button>
        <button type="submit" class={is_dangerous ? 'button danger' : 'button'} aria-busy={isBusy}>
          {word}
        </button>
      </div>
    </form>
  );
};

/** The form of a command: its fields, what is known of it, and two buttons that say what they do. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import type { Command } from '../live/command.ts';
import { CommandNote } from './command-note.tsx';

interface CommandFormProps {
  of: Pick<Command<never, unknown>, 'progress'>;
  /** What the button does. */
  word: string;
  is_dangerous?: boolean;
  close(): void;
  send(): Promise<void>;
  children: ComponentChildren;
}

export const CommandForm: FunctionComponent<CommandFormProps> = ({ of, word, is_dangerous, close, send, children }) => {
  const { words } = useDesk();
  const { state } = of.progress.value;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {children}
      <CommandNote of={of} />
      <div class="buttons">
        <button type="button" class="button plain" onClick={close}>
          {words.cancel}
        </button>
        <button type="submit" class={is_dangerous ? 'button danger' : 'button'} aria-busy={state === 'sending' || state === 'asking'}>
          {word}
        </button>
      </div>
    </form>
  );
};

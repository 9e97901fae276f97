/** A command that is asked about first: what it means, and a button that says what it does. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import type { Command } from '../live/command.ts';
import { CommandForm } from './command-form.tsx';
import { Dialog } from './dialog.tsx';

interface ConfirmProps {
  title: string;
  /** What the button does. */
  word: string;
  is_dangerous?: boolean;
  of: Command<undefined, unknown>;
  close(): void;
  /** After it was done and the dialog is closed. */
  done(): Promise<void> | void;
  children: ComponentChildren;
}

export const Confirm: FunctionComponent<ConfirmProps> = ({ title, word, is_dangerous = false, of, close, done, children }) => (
  <Dialog title={title} close={close}>
    <CommandForm
      of={of}
      word={word}
      is_dangerous={is_dangerous}
      close={close}
      send={async () => {
        if (!(await of.run(undefined))) return;
        close();
        await done();
      }}
    >
      {children}
    </CommandForm>
  </Dialog>
);

/** What is known of a command, beside its button. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import type { Command } from '../live/command.ts';
import { Failure } from './failure.tsx';

export const CommandNote: FunctionComponent<{ of: Pick<Command<never, unknown>, 'progress'> }> = ({ of }) => {
  const { words } = useDesk();
  const progress = of.progress.value;
  if (progress.state === 'refused') return <Failure error={progress.error} />;
  return (
    <p role="status" class={progress.state === 'asking' ? 'notice warn' : 'quiet'}>
      {progress.state === 'sending' && words.command.sending}
      {progress.state === 'asking' && words.command.asking(progress.attempts)}
    </p>
  );
};

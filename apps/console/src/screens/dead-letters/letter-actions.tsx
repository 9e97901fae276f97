/** Replays or discards letters. Each button says how many; discarding is asked about, since it cannot be undone. */
import { useSignal } from '@preact/signals';
import { discardDeadLetter, replayDeadLetters } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { RefusedError } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { CommandNote } from '../../parts/command-note.tsx';
import { Dialog } from '../../parts/dialog.tsx';

interface LetterActionsProps {
  service: string;
  ids: readonly string[];
  /** How many were replayed; 0 when they were discarded. */
  changed(replayed: number): Promise<void>;
}

const isGone = (error: unknown): boolean => error instanceof RefusedError && error.problem.code === 'dead_letter_unknown';

export const LetterActions: FunctionComponent<LetterActionsProps> = ({ service: name, ids, changed }) => {
  const { words } = useDesk();
  const service = name as 'orders';
  const isAsked = useSignal(false);
  const left = useSignal(ids.length);
  const close = (): void => {
    isAsked.value = false;
  };
  // A letter that was replayed is not there any more: to ask again for the same ids replays nothing twice.
  const replay = useCommand((ask) => ({
    send: async (wanted: readonly string[]) =>
      (await ask(replayDeadLetters, { params: { service }, body: { ids: [...wanted] } })).body.replayed,
  }));
  // One that is gone is discarded: the same goes for a repetition.
  const discard = useCommand((ask) => ({
    send: async (wanted: readonly string[]) => {
      left.value = wanted.length;
      for (const id of wanted) {
        await ask(discardDeadLetter, { params: { service, id } }).catch((error: unknown) => {
          if (!isGone(error)) throw error;
        });
        left.value -= 1;
      }
    },
  }));
  const replayed = replay.progress;
  const putBack = async (): Promise<void> => {
    await replay.run(ids);
    if (replayed.value.state === 'done') await changed(replayed.value.result ?? ids.length);
  };
  return (
    <div class="actions">
      <div class="buttons">
        <button
          type="button"
          class="button"
          aria-busy={replayed.value.state === 'sending' || replayed.value.state === 'asking'}
          onClick={() => void putBack()}
        >
          {words.letters.replay(ids.length)}
        </button>
        <button
          type="button"
          class="button plain"
          onClick={() => {
            isAsked.value = true;
          }}
        >
          {words.letters.discard(ids.length)}
        </button>
      </div>
      {replayed.value.state !== 'done' && <CommandNote of={replay} />}
      {isAsked.value && (
        <Dialog title={words.letters.discard(ids.length)} close={close}>
          <CommandForm
            of={discard}
            word={words.letters.discard(ids.length)}
            is_dangerous
            close={close}
            send={async () => {
              if (!(await discard.run(ids))) return;
              close();
              await changed(0);
            }}
          >
            <p>{words.letters.discard_means(ids.length)}</p>
            {discard.progress.value.state === 'sending' && <p>{words.letters.left(left.value)}</p>}
          </CommandForm>
        </Dialog>
      )}
    </div>
  );
};

/** What is shown once and never again, with a button that copies it. */
import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { Dialog } from './dialog.tsx';

interface SecretProps {
  title: string;
  /** Undefined when it was made and lost with the answer. */
  secret: string | undefined;
  /** What is to be done where it was lost. */
  lost: string;
  close(): void;
}

export const Secret: FunctionComponent<SecretProps> = ({ title, secret, lost, close }) => {
  const { words } = useDesk();
  const isCopied = useSignal(false);
  return (
    <Dialog title={title} close={close}>
      <div class="stack">
        {secret === undefined ? (
          <p class="notice warn">{lost}</p>
        ) : (
          <>
            <p>{words.secret.once}</p>
            <pre>
              <code>{secret}</code>
            </pre>
          </>
        )}
        <p role="status" class="quiet">
          {isCopied.value && words.secret.copied}
        </p>
        <div class="buttons">
          {secret !== undefined && (
            <button
              type="button"
              class="button plain"
              onClick={() =>
                void navigator.clipboard.writeText(secret).then(
                  () => {
                    isCopied.value = true;
                  },
                  // Without the permission it can still be selected by hand.
                  () => undefined,
                )
              }
            >
              {words.secret.copy}
            </button>
          )}
          <button type="button" class="button" onClick={close}>
            {words.secret.kept}
          </button>
        </div>
      </div>
    </Dialog>
  );
};

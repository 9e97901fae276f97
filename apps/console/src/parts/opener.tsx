/** A button, and the dialog that it opens. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';

interface OpenerProps {
  word: string;
  /** What is read out where the word alone does not say of which entry. */
  label?: string;
  look?: 'button' | 'button plain' | 'button danger';
  children(close: () => void): ComponentChildren;
}

export const Opener: FunctionComponent<OpenerProps> = ({ word, label, look = 'button', children }) => {
  const isOpen = useSignal(false);
  return (
    <>
      <button
        type="button"
        class={look}
        aria-label={label}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        {word}
      </button>
      {isOpen.value &&
        children(() => {
          isOpen.value = false;
        })}
    </>
  );
};

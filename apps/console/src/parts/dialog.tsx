/** The native dialog: it keeps the focus while it is open and gives it back when it closes. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  title: string;
  close(): void;
  children: ComponentChildren;
}

/** Open while it is drawn. */
export const Dialog: FunctionComponent<DialogProps> = ({ title, close, children }) => {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // The event of closing comes later than the closing: by then another dialog may be open in this one's place.
  const isDrawn = useRef(true);
  useEffect(() => {
    const dialog = element.current;
    const opener = document.activeElement;
    dialog?.showModal();
    return () => {
      isDrawn.current = false;
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={heading}
      onClose={() => {
        if (isDrawn.current) close();
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
};

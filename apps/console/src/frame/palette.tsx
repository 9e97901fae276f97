/** Goes to a screen, or to an order by its number or id: a combobox over one list (ARIA Authoring Practices, "editable combobox"). */
import { useSignal } from '@preact/signals';
import { listOrders } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { Dialog } from '../parts/dialog.tsx';
import { addressAt } from '../router.ts';
import { screens } from '../screens.ts';
import { orderNamed } from './order-named.ts';

interface Choice {
  readonly address: string;
  readonly title: string;
  readonly note: string;
}

const pauseMs = 150;

export const Palette: FunctionComponent<{ close(): void }> = ({ close }) => {
  const { words, router } = useDesk();
  const text = useSignal('');
  const chosen = useSignal(0);
  const orders = useFoundOrder(text.value);
  const wanted = text.value.trim().toLowerCase();
  const places = screens
    .filter(({ name }) => words.screens[name].toLowerCase().includes(wanted))
    .map(({ name, path }) => ({ address: addressAt({ screen: path }), title: words.screens[name], note: words.palette.screen }));
  const choices: Choice[] = [...orders.found, ...places];
  const go = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    close();
    router.go(choice.address);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : choices.length - 1;
      chosen.value = choices.length === 0 ? 0 : (chosen.value + step) % choices.length;
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(choices[chosen.value]);
    }
  };
  return (
    <Dialog title={words.palette.title} close={close}>
      <input
        class="input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-choices"
        aria-autocomplete="list"
        aria-label={words.palette.open}
        aria-activedescendant={choices.length > 0 ? `palette-${chosen.value}` : undefined}
        placeholder={words.palette.hint}
        autocomplete="off"
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
          chosen.value = 0;
        }}
        onKeyDown={press}
      />
      <div id="palette-choices" role="listbox" class="choices" aria-label={words.palette.choices}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above; the focus stays there.
          <div
            key={choice.address}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen.value}
            onClick={() => go(choice)}
          >
            <span>{choice.title}</span>
            <span class="quiet">{choice.note}</span>
          </div>
        ))}
      </div>
      <p role="status" class="quiet">
        {orders.isAsked ? words.loading : choices.length === 0 ? words.palette.nothing(text.value) : ''}
      </p>
    </Dialog>
  );
};

/** The order that the text names; the latest text wins. */
function useFoundOrder(text: string): { found: readonly Choice[]; isAsked: boolean } {
  const { ask, words } = useDesk();
  const state = useSignal<{ found: readonly Choice[]; isAsked: boolean }>({ found: [], isAsked: false });
  const query = orderNamed(text);
  useEffect(() => {
    state.value = { found: [], isAsked: query !== undefined };
    if (query === undefined) return undefined;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      ask(listOrders, { query, signal: leaving.signal }).then(
        ({ body }) => {
          const found = body.map(({ id, order_number, status }) => ({
            address: addressAt({ screen: 'orders', entry: id }),
            title: order_number,
            note: words.order_status[status],
          }));
          state.value = { found, isAsked: false };
        },
        () => {
          // Screens can still be gone to; an order that cannot be found now is not in the list.
          if (!leaving.signal.aborted) state.value = { found: [], isAsked: false };
        },
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [JSON.stringify(query)]);
  return state.value;
}

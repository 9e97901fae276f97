/** Corrects the stock of a product. It is made for the number that is seen: when there are others by now, it is refused and says how many. */
import { useSignal } from '@preact/signals';
import { adjustStock, getStock, type Stock } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { RefusedError } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/text-field.tsx';

interface AdjustDialogProps {
  stock: Stock;
  name: string;
  close(): void;
  changed(): Promise<void>;
}

const reasonMax = 500;
const wholeNumber = /^[+\-−]?\d{1,9}$/;

export const AdjustDialog: FunctionComponent<AdjustDialogProps> = ({ stock, name, close, changed }) => {
  const { words, formats, ask } = useDesk();
  const { stock: said } = words;
  const params = { product_id: stock.product_id };
  // What the correction is made for: as it was when the dialog was opened, until it has been refused.
  const expected = useSignal(stock.on_hand ?? 0);
  const change = useSignal('');
  const reason = useSignal('');
  const adjust = useCommand(() => ({
    send: async (quantity_change: number, idempotency_key) => {
      const body = { quantity_change, reason: reason.value.trim(), expected_on_hand: expected.value };
      try {
        return await ask(adjustStock, { params, body, idempotency_key });
      } catch (error) {
        if (error instanceof RefusedError && error.problem.code === 'stock_mismatch') {
          const { body: now } = await ask(getStock, { params });
          expected.value = now.on_hand ?? expected.value;
        }
        throw error;
      }
    },
  }));
  const typed = change.value.trim();
  const pieces = wholeNumber.test(typed) ? Number(typed.replace('−', '-')) : undefined;
  const isPossible = pieces !== undefined && pieces !== 0 && expected.value + pieces >= 0;
  return (
    <Dialog title={said.adjust_of(name)} close={close}>
      <CommandForm
        of={adjust}
        word={isPossible ? said.adjust_to(formats.count(expected.value + pieces)) : said.adjust}
        close={close}
        send={async () => {
          if (!isPossible || !(await adjust.run(pieces))) return;
          close();
          await changed();
        }}
      >
        <p>{said.now(formats.count(expected.value))}</p>
        <TextField
          label={said.change}
          value={change}
          note={isPossible ? said.preview(formats.count(expected.value), formats.count(expected.value + pieces)) : said.change_note}
          is_required
          is_invalid={typed !== '' && !isPossible}
        />
        <TextField label={words.act.reason} value={reason} is_required length_max={reasonMax} />
      </CommandForm>
    </Dialog>
  );
};

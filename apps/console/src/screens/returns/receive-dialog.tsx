/** Notes what has arrived of a return, piece by piece: sold again, or not. */
import { type Signal, signal } from '@preact/signals';
import { getReturn, receiveReturn } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useMemo } from 'preact/hooks';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/text-field.tsx';
import type { ReturnStepProps } from './return-step.ts';

const wholeNumber = /^\d{1,7}$/;
const countIn = (typed: Signal<string>): number => (wholeNumber.test(typed.value.trim()) ? Number(typed.value) : Number.NaN);

export const ReceiveDialog: FunctionComponent<ReturnStepProps> = ({ of, etag, close, changed }) => {
  const { returns: said } = useDesk().words;
  const params = { return_id: of.id };
  const rows = useMemo(() => of.items.map((item) => ({ item, restock: signal(String(item.quantity)), write_off: signal('0') })), [of.id]);
  const arrived = rows.map(({ item, restock, write_off }) => ({
    product_id: item.product_id,
    restock: countIn(restock),
    write_off: countIn(write_off),
    most: item.quantity,
  }));
  // A number that is none fails this comparison too.
  const isPossible = arrived.every(({ restock, write_off, most }) => restock + write_off <= most);
  const receive = useCommand((ask) => ({
    send: (items: { product_id: string; restock: number; write_off: number }[]) =>
      ask(receiveReturn, { params, body: { items }, ...(etag !== undefined && { if_match: etag }) }),
    wasDone: async () => (await ask(getReturn, { params })).body.state === 'received',
  }));
  return (
    <Dialog title={`${said.receive}: ${of.number}`} close={close}>
      <CommandForm
        of={receive}
        word={said.receive}
        close={close}
        send={async () => {
          const items = arrived.filter(({ restock, write_off }) => restock + write_off > 0).map(({ most: _most, ...item }) => item);
          if (!isPossible || !(await receive.run(items))) return;
          close();
          await changed();
        }}
      >
        <p>{said.receive_means}</p>
        {rows.map(({ item, restock, write_off }, index) => {
          const row = arrived[index];
          const isWrong = row === undefined || !(row.restock + row.write_off <= row.most);
          return (
            <div key={item.product_id} class="stack">
              <TextField
                label={said.restock_of(item.name)}
                value={restock}
                note={said.too_many(item.quantity)}
                is_required
                is_invalid={isWrong}
                input_mode="numeric"
              />
              <TextField label={said.write_off_of(item.name)} value={write_off} is_required is_invalid={isWrong} input_mode="numeric" />
            </div>
          );
        })}
      </CommandForm>
    </Dialog>
  );
};

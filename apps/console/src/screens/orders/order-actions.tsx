/** What staff can do with an order. Each command is made for the version that is shown; another one refuses it. */
import { useSignal } from '@preact/signals';
import { cancelOrder, completeOrder, getOrder, type Order, shipOrder } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/text-field.tsx';
import type { OrderStatusName } from './order-statuses.ts';

type Action = 'cancel' | 'ship' | 'complete';

interface ActionProps {
  order: Order;
  etag: string | undefined;
  changed(): Promise<void>;
}

const possible: Readonly<Record<Action, readonly OrderStatusName[]>> = {
  cancel: ['pending', 'awaiting_payment', 'confirmed'],
  ship: ['confirmed'],
  complete: ['shipped'],
};
const reached: Readonly<Record<Action, OrderStatusName>> = { cancel: 'cancelled', ship: 'shipped', complete: 'completed' };

export const OrderActions: FunctionComponent<ActionProps> = (props) => {
  const { words } = useDesk();
  const open = useSignal<Action | undefined>(undefined);
  const actions = (['cancel', 'ship', 'complete'] as const).filter((action) => possible[action].includes(props.order.status));
  const close = (): void => {
    open.value = undefined;
  };
  return (
    <div class="buttons">
      {actions.map((action) => (
        <button
          key={action}
          type="button"
          class={action === 'cancel' ? 'button plain' : 'button'}
          onClick={() => {
            open.value = action;
          }}
        >
          {words.act[action]}
        </button>
      ))}
      {open.value !== undefined && <ActionDialog {...props} action={open.value} close={close} />}
    </div>
  );
};

const ActionDialog: FunctionComponent<ActionProps & { action: Action; close(): void }> = ({ action, order, etag, close, changed }) => {
  const { words } = useDesk();
  const [first, second] = [useSignal(''), useSignal('')];
  const params = { order_id: order.id };
  const command = useCommand((ask) => ({
    send: () => {
      const input = { params, ...(etag !== undefined && { if_match: etag }) };
      if (action === 'ship')
        return ask(shipOrder, { ...input, body: { carrier: first.value.trim(), tracking_number: second.value.trim() } });
      if (action === 'complete') return ask(completeOrder, { ...input, body: {} });
      return ask(cancelOrder, { ...input, body: first.value.trim() === '' ? {} : { reason: first.value.trim() } });
    },
    wasDone: async () => (await ask(getOrder, { params })).body.status === reached[action],
  }));
  const { act } = words;
  const titles: Readonly<Record<Action, (number: string) => string>> = {
    cancel: act.cancel_title,
    ship: act.ship_title,
    complete: act.complete_title,
  };
  return (
    <Dialog title={titles[action](order.order_number)} close={close}>
      <CommandForm
        of={command}
        word={act[action]}
        is_dangerous={action === 'cancel'}
        close={close}
        send={async () => {
          if (!(await command.run(undefined))) return;
          close();
          await changed();
        }}
      >
        {action !== 'ship' && <p>{action === 'cancel' ? act.cancel_means : act.complete_means}</p>}
        {action !== 'complete' && (
          <TextField label={action === 'ship' ? act.carrier : act.reason} value={first} is_required={action === 'ship'} />
        )}
        {action === 'ship' && <TextField label={act.tracking} value={second} is_required />}
      </CommandForm>
    </Dialog>
  );
};

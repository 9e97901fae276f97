/** Gives back a part of a payment, or all of it; says before what will stay. */
import { useSignal } from '@preact/signals';
import { type Payment, refundPayment } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { decimalOf, decimalText } from '../../decimal.ts';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/text-field.tsx';

interface RefundDialogProps {
  number: string;
  payment: Payment;
  close(): void;
  changed(): Promise<void>;
}

const reasonMax = 500;

export const RefundDialog: FunctionComponent<RefundDialogProps> = ({ number, payment, close, changed }) => {
  const { words, formats } = useDesk();
  const { currency } = payment;
  const [captured, refunded] = [payment.captured_amount, payment.refunded_amount].map((amount) => decimalOf(String(amount)) ?? 0n) as [
    bigint,
    bigint,
  ];
  const most = captured - refunded;
  const amount = useSignal('');
  const reason = useSignal('');
  const refund = useCommand((ask) => ({
    send: (body: { amount: number; reason: string }, idempotency_key) =>
      ask(refundPayment, { params: { payment_id: payment.id }, body, idempotency_key }),
  }));
  const typed = decimalOf(amount.value);
  const isPossible = typed !== undefined && typed > 0n && typed <= most;
  const money = (millionths: bigint): string => formats.money(Number(decimalText(millionths)), currency);
  return (
    <Dialog title={words.act.refund_title(number)} close={close}>
      <CommandForm
        of={refund}
        word={isPossible ? `${words.act.refund} ${money(typed)}` : words.act.refund}
        close={close}
        send={async () => {
          if (!isPossible) return;
          const body = { amount: Number(decimalText(typed)), reason: reason.value.trim() };
          if (!(await refund.run(body))) return;
          close();
          await changed();
        }}
      >
        <TextField
          label={`${words.act.amount} (${currency})`}
          value={amount}
          note={
            isPossible
              ? words.act.refund_preview(money(captured), money(refunded + typed), money(most - typed))
              : words.act.refund_most(money(most))
          }
          is_required
          is_invalid={amount.value !== '' && !isPossible}
          input_mode="decimal"
        />
        <TextField label={words.act.reason} value={reason} is_required length_max={reasonMax} />
      </CommandForm>
    </Dialog>
  );
};

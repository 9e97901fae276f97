/** Gives the money for what has arrived back; the shop says before how much that is. */
import { useSignal } from '@preact/signals';
import { type BodyOf, getReturn, previewReturnRefund, refundReturn } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { decimalOf, decimalText } from '../../decimal.ts';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import type { ReturnStepProps } from './return-step.ts';

type Shipping = BodyOf<typeof refundReturn>['shipping'];

const reasonMax = 500;

export const ReturnRefundDialog: FunctionComponent<ReturnStepProps> = ({ of, etag, close, changed }) => {
  const { words, formats } = useDesk();
  const { returns: said } = words;
  const params = { return_id: of.id };
  const shipping = useSignal<Shipping>('share');
  const [deduction, reason] = [useSignal('0'), useSignal('')];
  const preview = useEntity(previewReturnRefund, { params, query: { shipping: shipping.value } });
  const refund = useCommand((ask) => ({
    send: (body: BodyOf<typeof refundReturn>) => ask(refundReturn, { params, body, ...(etag !== undefined && { if_match: etag }) }),
    wasDone: async () => ['refunding', 'refunded'].includes((await ask(getReturn, { params })).body.state),
  }));
  const kept = decimalOf(deduction.value);
  const read = preview.known.value.value?.body;
  const whole = read === undefined ? undefined : decimalOf(String(read.amount));
  const isPossible = kept !== undefined && whole !== undefined && kept >= 0n && kept <= whole;
  const money = (amount: number): string => formats.money(amount, of.currency);
  return (
    <Dialog title={said.refund_title(of.number)} close={close}>
      <CommandForm
        of={refund}
        word={said.refund}
        close={close}
        send={async () => {
          if (!isPossible) return;
          const why = reason.value.trim();
          const body = { shipping: shipping.value, deduction: Number(decimalText(kept)), ...(why !== '' && { reason: why }) };
          if (!(await refund.run(body))) return;
          close();
          await changed();
        }}
      >
        <SelectField
          label={said.shipping}
          choices={Object.entries(said.shippings)}
          value={shipping.value}
          choose={(chosen) => {
            shipping.value = chosen as Shipping;
          }}
        />
        <TextField
          label={`${said.deduction} (${of.currency})`}
          value={deduction}
          is_required
          is_invalid={!isPossible && read !== undefined}
          input_mode="decimal"
        />
        <TextField label={words.act.reason} value={reason} length_max={reasonMax} />
        <Loaded from={preview}>
          {({ body }) => (
            <p class="strong">
              {isPossible &&
                said.preview(
                  money(body.items_amount),
                  money(body.shipping_amount),
                  money(Number(decimalText(kept))),
                  money(Number(decimalText(whole - kept))),
                )}
            </p>
          )}
        </Loaded>
      </CommandForm>
    </Dialog>
  );
};

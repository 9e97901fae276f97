/** Makes a promotion; it applies to no order before it is started. */
import { type Signal, signal, useSignal } from '@preact/signals';
import { type BodyOf, createPromotion, type Promotion } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useMemo } from 'preact/hooks';
import { useDesk } from '../../desk.ts';
import type { Reply } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { Checks } from '../../parts/checks.tsx';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { MomentField } from '../../parts/moment-field.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { addressAt } from '../../router.ts';
import { type PromotionFields, promotionOf } from './promotion-fields.ts';

type Typed = { readonly [Name in keyof PromotionFields]: Signal<string> };

const usualCurrency = 'EUR';
const labelMax = 200;
const empty: PromotionFields = {
  label: '',
  value: '',
  currency: usualCurrency,
  min_subtotal: '',
  buy_quantity: '2',
  get_quantity: '1',
  get_percent: '100',
  uses_max: '',
  uses_per_customer: '',
  starts_at: '',
  ends_at: '',
};
const valuesOf = (typed: Typed): PromotionFields =>
  Object.fromEntries(Object.entries(typed).map(([name, { value }]) => [name, value])) as unknown as PromotionFields;

export const PromotionDialog: FunctionComponent<{ close(): void }> = ({ close }) => {
  const { words, router } = useDesk();
  const { promotions: said } = words;
  const kind = useSignal<Promotion['kind']>('percent');
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const typed = useMemo(
    () => Object.fromEntries(Object.entries(empty).map(([name, text]) => [name, signal(text)])) as unknown as Typed,
    [],
  );
  // It has no key of its own: one that arrived twice is made twice, is not active, and is seen in the list.
  const create = useCommand<BodyOf<typeof createPromotion>, Reply<Promotion>>((ask) => ({
    send: (body) => ask(createPromotion, { body }),
  }));
  return (
    <Dialog title={said.add} close={close}>
      <CommandForm
        of={create}
        word={said.add}
        close={close}
        send={async () => {
          const [automatic, combinable] = [chosen.value.has('automatic'), chosen.value.has('combinable')];
          const body = promotionOf(valuesOf(typed), { kind: kind.value, automatic, combinable });
          if (body === undefined || !(await create.run(body))) return;
          const { value } = create.progress;
          close();
          if (value.state === 'done') router.go(addressAt({ screen: 'promotions', entry: value.result?.body.id }));
        }}
      >
        <TextField label={said.label} value={typed.label} is_required length_max={labelMax} />
        <SelectField
          label={said.kind}
          choices={Object.entries(said.kinds)}
          value={kind.value}
          choose={(name) => {
            kind.value = name as Promotion['kind'];
          }}
        />
        <OfKind kind={kind.value} typed={typed} />
        <TextField
          label={`${said.min_subtotal} (${typed.currency.value})`}
          value={typed.min_subtotal}
          note={said.no_limit}
          input_mode="decimal"
        />
        <TextField label={said.uses_max} value={typed.uses_max} note={said.no_limit} input_mode="numeric" />
        <TextField label={said.uses_per_customer} value={typed.uses_per_customer} note={said.no_limit} input_mode="numeric" />
        <MomentField label={said.starts} value={typed.starts_at} />
        <MomentField label={said.ends} value={typed.ends_at} />
        <Checks legend={said.applies} choices={{ automatic: said.automatic, combinable: said.combinable }} chosen={chosen} />
      </CommandForm>
    </Dialog>
  );
};

const OfKind: FunctionComponent<{ kind: Promotion['kind']; typed: Typed }> = ({ kind, typed }) => {
  const { promotions: said } = useDesk().words;
  if (kind === 'percent') return <TextField label={said.percent} value={typed.value} is_required input_mode="decimal" />;
  if (kind === 'fixed')
    return (
      <>
        <TextField label={said.amount(typed.currency.value)} value={typed.value} is_required input_mode="decimal" />
        <TextField label={said.currency} value={typed.currency} is_required length_max={3} />
      </>
    );
  if (kind === 'free_shipping') return null;
  return (
    <>
      <TextField label={said.buy} value={typed.buy_quantity} is_required input_mode="numeric" />
      <TextField label={said.get} value={typed.get_quantity} is_required input_mode="numeric" />
      <TextField label={said.get_percent} value={typed.get_percent} is_required input_mode="decimal" />
    </>
  );
};

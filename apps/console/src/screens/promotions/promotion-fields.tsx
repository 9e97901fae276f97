/** The fields of a promotion: those that its kind has. */
import type { Promotion } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { MomentField } from '../../parts/moment-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import type { useForm } from '../../parts/use-form.ts';
import type { PromotionTexts } from './promotion-body.ts';

interface PromotionFieldsProps {
  kind: Promotion['kind'];
  typed: ReturnType<typeof useForm<keyof PromotionTexts>>['typed'];
}

const currencyLength = 3;
const linesOfIds = 2;

export const PromotionFields: FunctionComponent<PromotionFieldsProps> = ({ kind, typed }) => {
  const { promotions: said } = useDesk().words;
  const limit = { note: said.no_limit, input_mode: 'numeric' } as const;
  return (
    <>
      <OfKind kind={kind} typed={typed} />
      <TextField label={said.min_subtotal} note={said.no_limit} pointer="/min_subtotal" value={typed.min_subtotal} input_mode="decimal" />
      {(kind === 'fixed' || typed.min_subtotal.value.trim() !== '') && (
        <TextField label={said.currency} pointer="/currency" value={typed.currency} is_required length_max={currencyLength} />
      )}
      <TextField label={said.uses_max} pointer="/uses_max" value={typed.uses_max} {...limit} />
      <TextField label={said.uses_per_customer} pointer="/uses_per_customer" value={typed.uses_per_customer} {...limit} />
      <MomentField label={said.starts} pointer="/starts_at" value={typed.starts_at} />
      <MomentField label={said.ends} pointer="/ends_at" value={typed.ends_at} />
      <Goods legend={said.scope} note={said.scope_note} pointer="/scope" typed={typed} names={['products', 'groups', 'categories']} />
      {kind === 'buy_get' && (
        <Goods
          legend={said.get_scope}
          note={said.get_scope_note}
          pointer="/get_scope"
          typed={typed}
          names={['get_products', 'get_groups', 'get_categories']}
        />
      )}
      <TextField
        label={said.priority}
        note={said.priority_note}
        pointer="/priority"
        value={typed.priority}
        is_required
        input_mode="numeric"
      />
    </>
  );
};

const OfKind: FunctionComponent<PromotionFieldsProps> = ({ kind, typed }) => {
  const { promotions: said } = useDesk().words;
  if (kind === 'free_shipping') return null;
  if (kind !== 'buy_get') {
    const label = kind === 'percent' ? said.percent : said.amount(typed.currency.value);
    return <TextField label={label} pointer="/value" value={typed.value} is_required input_mode="decimal" />;
  }
  return (
    <>
      <TextField label={said.buy} pointer="/buy_quantity" value={typed.buy_quantity} is_required input_mode="numeric" />
      <TextField label={said.get} pointer="/get_quantity" value={typed.get_quantity} is_required input_mode="numeric" />
      <TextField label={said.get_percent} pointer="/get_percent" value={typed.get_percent} is_required input_mode="decimal" />
      <TextField label={said.sets_max} note={said.no_limit} pointer="/sets_max" value={typed.sets_max} input_mode="numeric" />
    </>
  );
};

interface GoodsProps {
  legend: string;
  note: string;
  pointer: '/scope' | '/get_scope';
  typed: PromotionFieldsProps['typed'];
  names: readonly [keyof PromotionTexts, keyof PromotionTexts, keyof PromotionTexts];
}

const Goods: FunctionComponent<GoodsProps> = ({ legend, note, pointer, typed, names: [products, groups, categories] }) => {
  const { promotions: said } = useDesk().words;
  return (
    <fieldset class="checks">
      <legend>{legend}</legend>
      <p class="quiet small">{note}</p>
      <TextField label={said.products} pointer={`${pointer}/products`} value={typed[products]} lines={linesOfIds} />
      <TextField label={said.groups} pointer={`${pointer}/groups`} value={typed[groups]} lines={linesOfIds} />
      <TextField label={said.categories} pointer={`${pointer}/categories`} value={typed[categories]} lines={linesOfIds} />
    </fieldset>
  );
};

/** What is typed of a promotion, and what of it is sent: only what its kind has, and nothing where a number is none. */
import type { BodyOf, createPromotion, Promotion } from '@souk/contracts';
import { numberIn } from '../../live/typed.ts';
import { momentOf } from '../../parts/moment.ts';

export const fieldNames = [
  'label',
  'value',
  'currency',
  'min_subtotal',
  'buy_quantity',
  'get_quantity',
  'get_percent',
  'uses_max',
  'uses_per_customer',
  'starts_at',
  'ends_at',
] as const;
export type PromotionFields = Readonly<Record<(typeof fieldNames)[number], string>>;

export interface PromotionChoices {
  readonly kind: Promotion['kind'];
  readonly automatic: boolean;
  readonly combinable: boolean;
}

const wholeNumber = /^\d{1,9}$/;

/** Undefined while something is missing or is no number. */
export function promotionOf(
  typed: PromotionFields,
  { kind, automatic, combinable }: PromotionChoices,
): BodyOf<typeof createPromotion> | undefined {
  const value = kind === 'percent' || kind === 'fixed' ? numberIn(typed.value) : 0;
  const min_subtotal = typed.min_subtotal.trim() === '' ? 0 : numberIn(typed.min_subtotal);
  const bought = kind === 'buy_get' ? boughtIn(typed) : {};
  const limits = [wholeOrNone(typed.uses_max), wholeOrNone(typed.uses_per_customer)] as const;
  if (value === undefined || min_subtotal === undefined || bought === undefined || limits.includes(undefined) || typed.label.trim() === '')
    return undefined;
  const hasAmount = kind === 'fixed' || min_subtotal > 0;
  return {
    label: typed.label.trim(),
    kind,
    value,
    min_subtotal,
    ...bought,
    ...(hasAmount && { currency: typed.currency.trim().toUpperCase() }),
    uses_max: limits[0] ?? null,
    uses_per_customer: limits[1] ?? null,
    starts_at: momentOf(typed.starts_at) ?? null,
    ends_at: momentOf(typed.ends_at) ?? null,
    automatic,
    combinable,
    active: false,
  };
}

/** Null where nothing was typed, undefined where it is no whole number. */
function wholeOrNone(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  return wholeNumber.test(text.trim()) ? Number(text) : undefined;
}

function boughtIn(typed: PromotionFields) {
  const [buy_quantity, get_quantity, get_percent] = [
    wholeOrNone(typed.buy_quantity),
    wholeOrNone(typed.get_quantity),
    numberIn(typed.get_percent),
  ];
  return buy_quantity && get_quantity && get_percent ? { buy_quantity, get_quantity, get_percent } : undefined;
}

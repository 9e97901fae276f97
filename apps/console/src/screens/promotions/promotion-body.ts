/** A promotion as it is typed, sent and compared. */
import type { BodyOf, changePromotion, Promotion } from '@souk/contracts';
import type { TypedReader } from '../../live/typed.ts';
import { changedMoment, typedMoment } from '../../parts/moment.ts';

export type PromotionChange = BodyOf<typeof changePromotion>;

const names = [
  ...(['label', 'value', 'currency', 'min_subtotal', 'starts_at', 'ends_at', 'priority'] as const),
  ...(['buy_quantity', 'get_quantity', 'get_percent', 'sets_max', 'uses_max', 'uses_per_customer'] as const),
  ...(['products', 'groups', 'categories', 'get_products', 'get_groups', 'get_categories'] as const),
] as const;
export type PromotionTexts = Readonly<Record<(typeof names)[number], string>>;

export interface PromotionChoices {
  readonly kind: Promotion['kind'];
  readonly automatic: boolean;
  readonly combinable: boolean;
}

type Scope = Promotion['scope'];

const usual = { currency: 'EUR', buy_quantity: '2', get_quantity: '1', get_percent: '100', priority: '0' } as const;

/** What the fields begin with: a new promotion, or one that is to be changed. */
export function promotionTexts(before: Promotion | undefined): PromotionTexts {
  const text = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value));
  const lines = (scope: Scope | null | undefined, name: keyof Scope): string => (scope?.[name] ?? []).join('\n');
  return {
    label: before?.label ?? '',
    value: before === undefined || before.value === 0 ? '' : String(before.value),
    currency: before?.currency ?? usual.currency,
    min_subtotal: before === undefined || before.min_subtotal === 0 ? '' : String(before.min_subtotal),
    starts_at: typedMoment(before?.starts_at ?? null),
    ends_at: typedMoment(before?.ends_at ?? null),
    priority: text(before?.priority) || usual.priority,
    buy_quantity: text(before?.buy_quantity) || usual.buy_quantity,
    get_quantity: text(before?.get_quantity) || usual.get_quantity,
    get_percent: text(before?.get_percent) || usual.get_percent,
    sets_max: text(before?.sets_max),
    uses_max: text(before?.uses_max),
    uses_per_customer: text(before?.uses_per_customer),
    products: lines(before?.scope, 'products'),
    groups: lines(before?.scope, 'groups'),
    categories: lines(before?.scope, 'categories'),
    get_products: lines(before?.get_scope, 'products'),
    get_groups: lines(before?.get_scope, 'groups'),
    get_categories: lines(before?.get_scope, 'categories'),
  };
}

/** What is said of a new one beside its kind, and of one that is changed: all that has a field. */
export function promotionBody(
  form: TypedReader<keyof PromotionTexts>,
  { kind, automatic, combinable }: PromotionChoices,
  before?: Promotion,
) {
  const moment = (name: 'starts_at' | 'ends_at') => changedMoment(form.textOrNull(name) ?? '', before?.[name] ?? null);
  const hasValue = kind === 'percent' || kind === 'fixed';
  const min_subtotal = form.decimalOrNull('min_subtotal') ?? 0;
  const scope = { products: form.list('products'), groups: form.list('groups'), categories: form.list('categories') };
  return {
    label: form.text('label'),
    value: hasValue ? form.decimal('value') : 0,
    currency: kind === 'fixed' || min_subtotal > 0 ? form.text('currency').toUpperCase() : null,
    min_subtotal,
    scope,
    // Off all goods nothing can be taken where only some are meant.
    ...(hasValue && !isEmpty(scope) && { target: 'lines' as const }),
    ...(kind === 'buy_get' && setsIn(form)),
    uses_max: form.wholeOrNull('uses_max'),
    uses_per_customer: form.wholeOrNull('uses_per_customer'),
    starts_at: moment('starts_at'),
    ends_at: moment('ends_at'),
    priority: form.whole('priority'),
    automatic,
    combinable,
  };
}

function setsIn(form: TypedReader<keyof PromotionTexts>) {
  const scope = { products: form.list('get_products'), groups: form.list('get_groups'), categories: form.list('get_categories') };
  return {
    buy_quantity: form.whole('buy_quantity'),
    get_quantity: form.whole('get_quantity'),
    get_percent: form.decimal('get_percent'),
    sets_max: form.wholeOrNull('sets_max'),
    get_scope: isEmpty(scope) ? null : scope,
  };
}

export function isEmpty(scope: Scope): boolean {
  return Object.values(scope).every(({ length }) => length === 0);
}

/** Whether the promotion says what was sent. */
export function isPromotionAsSent(promotion: Promotion, body: PromotionChange): boolean {
  return Object.entries(body).every(([name, value]) => comparable(name, promotion[name as keyof Promotion]) === comparable(name, value));
}

/** An instant has several texts. */
function comparable(name: string, value: unknown): string {
  return JSON.stringify((name === 'starts_at' || name === 'ends_at') && typeof value === 'string' ? Date.parse(value) : value);
}

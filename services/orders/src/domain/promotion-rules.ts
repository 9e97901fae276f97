/** Promotions as staff say them: checked, in the form in which they are stored, and as they are shown. */
import type { ChangePromotion, Promotion, WritePromotion } from '@souk/contracts';
import { toMajor, toMinor } from '@souk/kernel';
import { instantOf, invalid, onePercentPpm, ppmOf } from './tax-rates.ts';

export interface PromotionScope {
  products: readonly string[];
  groups: readonly string[];
  categories: readonly string[];
}

/** What of a promotion counts for prices. Amounts are minor units, parts are in a million, times epoch milliseconds. */
export interface PromotionRule {
  id: string;
  label: string;
  kind: Promotion['kind'];
  target: Promotion['target'];
  /** Parts in a million of `percent`, minor units of `fixed`. */
  value: number;
  currency: string | null;
  scope: PromotionScope;
  get_scope: PromotionScope | null;
  min_subtotal: number;
  buy_quantity: number | null;
  get_quantity: number | null;
  get_ppm: number | null;
  sets_max: number | null;
  uses_max: number | null;
  uses_per_customer: number | null;
  starts_at_ms: number | null;
  ends_at_ms: number | null;
  combinable: boolean;
  priority: number;
  automatic: boolean;
}

/** A promotion as it is stored, without its id, uses and version. */
export type PromotionContent = Omit<PromotionRule, 'id' | 'starts_at_ms' | 'ends_at_ms'> & {
  starts_at: string | null;
  ends_at: string | null;
  active: boolean;
};
export type PromotionRow = PromotionContent & { id: string; used: number; version: number };

const million = 1_000_000;

/** Throws `amount_invalid`, `currency_unknown`, and `validation_failed` with the member that is wrong. */
export function promotionContent(given: WritePromotion): PromotionContent {
  const { label, kind, currency = null, uses_max = null, uses_per_customer = null, get_scope = null, sets_max = null } = given;
  const { combinable = true, priority = 0, automatic = false, active = false } = given;
  const target = given.target ?? defaultTarget(kind);
  const scope = scopeOf(given.scope);
  checkTarget(kind, target, scope);
  const starts_at = instantOf(given.starts_at ?? null, 'starts_at');
  const ends_at = instantOf(given.ends_at ?? null, 'ends_at');
  if (starts_at !== null && ends_at !== null && starts_at >= ends_at) throw invalid('ends_at', 'must be after starts_at');
  const amounts = amountsOf(given, currency);
  const sets = setsOf(given);
  return {
    ...{ label, kind, target, currency, scope, get_scope: get_scope && scopeOf(get_scope) },
    ...amounts,
    ...sets,
    ...{ sets_max, uses_max, uses_per_customer, starts_at, ends_at, combinable, priority, automatic, active },
  };
}

/** The promotion with what is changed of it. */
export function changedPromotion(row: PromotionRow, change: ChangePromotion): PromotionContent {
  const { id: _id, used: _used, version: _version, ...shown } = promotionResource(row);
  return promotionContent({ ...shown, ...change });
}

function defaultTarget(kind: PromotionRule['kind']): PromotionRule['target'] {
  if (kind === 'free_shipping') return 'shipping';
  return kind === 'buy_get' ? 'lines' : 'order';
}

function checkTarget(kind: PromotionRule['kind'], target: PromotionRule['target'], scope: PromotionScope): void {
  if (kind === 'free_shipping' && target !== 'shipping') throw invalid('target', 'must be shipping where kind is free_shipping');
  if (kind === 'buy_get' && target !== 'lines') throw invalid('target', 'must be lines where kind is buy_get');
  if (target === 'order' && Object.values(scope).some(({ length }) => length > 0))
    throw invalid('scope', 'names goods; of these alone something is taken off where target is lines');
}

function amountsOf({ kind, value = 0, min_subtotal = 0 }: WritePromotion, currency: string | null) {
  const amountOf = (amount: number, member: string): number => {
    if (currency !== null) return toMinor(amount, currency, `/${member}`);
    if (amount === 0) return 0;
    throw invalid('currency', `must be there where ${member} is an amount`);
  };
  const minimum = amountOf(min_subtotal, 'min_subtotal');
  if ((kind === 'percent' || kind === 'fixed') !== value > 0)
    throw invalid('value', kind === 'percent' || kind === 'fixed' ? 'must be more than 0' : `must be 0 where kind is ${kind}`);
  if (kind === 'fixed') return { value: amountOf(value, 'value'), min_subtotal: minimum };
  const ppm = value === 0 ? 0 : ppmOf(value, 'value');
  if (ppm > million) throw invalid('value', 'must be at most 100 percent');
  return { value: ppm, min_subtotal: minimum };
}

const ofSets = ['buy_quantity', 'get_quantity', 'get_percent', 'sets_max', 'get_scope'] as const;

function setsOf(given: WritePromotion) {
  const { kind, buy_quantity = null, get_quantity = null, get_percent = null } = given;
  if (kind !== 'buy_get') {
    const strange = ofSets.find((member) => given[member] !== undefined && given[member] !== null);
    if (strange) throw invalid(strange, 'belongs to buy_get');
    return { buy_quantity: null, get_quantity: null, get_ppm: null };
  }
  if (buy_quantity === null) throw invalid('buy_quantity', 'must be there where kind is buy_get');
  if (get_quantity === null) throw invalid('get_quantity', 'must be there where kind is buy_get');
  return { buy_quantity, get_quantity, get_ppm: ppmOf(get_percent ?? 100, 'get_percent') };
}

function scopeOf({ products = [], groups = [], categories = [] }: Partial<PromotionScope> = {}): PromotionScope {
  return { products: [...new Set(products)], groups: [...new Set(groups)], categories: [...new Set(categories)] };
}

export function promotionResource(row: PromotionRow): Promotion {
  const { id, label, kind, target, value, currency, min_subtotal, buy_quantity, get_quantity, get_ppm, sets_max } = row;
  const { uses_max, uses_per_customer, starts_at, ends_at, combinable, priority, automatic, active, used, version } = row;
  return {
    ...{ id, label, kind, target, value: kind === 'fixed' ? toMajor(value, currency ?? '') : value / onePercentPpm, currency },
    ...{ scope: shownScope(row.scope), get_scope: row.get_scope && shownScope(row.get_scope) },
    min_subtotal: currency === null ? 0 : toMajor(min_subtotal, currency),
    ...{ buy_quantity, get_quantity, get_percent: get_ppm === null ? null : get_ppm / onePercentPpm, sets_max },
    ...{ uses_max, uses_per_customer, starts_at, ends_at, combinable, priority, automatic, active, used, version },
  };
}

/** Members in the order of the contract, whatever order they were stored in. */
function shownScope({ products, groups, categories }: PromotionScope): Promotion['scope'] {
  return { products: [...products], groups: [...groups], categories: [...categories] };
}

/** The rule, as it prices while it is simulated. */
export function ruleOf({ starts_at, ends_at, active: _active, used: _used, version: _version, ...row }: PromotionRow): PromotionRule {
  const at = (text: string | null): number | null => (text === null ? null : Date.parse(text));
  return { ...row, starts_at_ms: at(starts_at), ends_at_ms: at(ends_at) };
}

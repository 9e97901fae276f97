/** What staff say about promotions and their codes. */
import {
  type ChangePromotion,
  type Promotion,
  type PromotionCodeShown,
  refusal,
  type WritePromotion,
  type WritePromotionCodes,
} from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { changedPromotion, type PromotionContent, promotionContent, promotionResource } from '../domain/promotion-rules.ts';
import { codeKey } from '../domain/promotion-uses.ts';
import { codeLength, randomCode } from '../domain/random-codes.ts';
import { invalid } from '../domain/tax-rates.ts';
import * as store from '../store/promotions.ts';
import type { RulePage } from '../store/shipping-rules.ts';
import { changeRules, checkRoom, existing, type RuleCommand } from './change-rules.ts';
import { noteAction } from './note-action.ts';

const promotionsMax = 10_000;
/** They are kept in memory. */
const activeMax = 1_000;
/** Each order is priced with all of them. */
const automaticMax = 50;
const codesMax = 1_000_000;

export async function listPromotions({ db }: OrdersContext, page: RulePage): Promise<Promotion[]> {
  return (await store.listPromotions(db, page)).map(promotionResource);
}

/** Throws `not_found`. */
export async function getPromotion({ db }: OrdersContext, id: string): Promise<Promotion> {
  const row = await store.findPromotion(db, id);
  if (row === undefined) throw refusal('not_found', 'There is no such promotion.');
  return promotionResource(row);
}

/** Throws `amount_invalid`, `currency_unknown`, `validation_failed`, `too_many_rules`, `too_many_automatic_promotions`. */
export function createPromotion(ctx: OrdersContext, given: WritePromotion, by: RuleCommand): Promise<Promotion> {
  const content = promotionContent(given);
  return changeRules(ctx, by, async (tx, note) => {
    const row = { id: ctx.ids.uuid(), ...content, used: 0, version: 1 };
    await checkCounts(tx, row.id, content);
    await store.savePromotion(tx, row);
    await note({ ...ofPromotion(row), action: 'created' });
    return promotionResource(row);
  });
}

/** Throws the same, `not_found`, `precondition_failed` and `promotion_used_more`. */
export function changePromotion(ctx: OrdersContext, id: string, change: ChangePromotion, by: RuleCommand): Promise<Promotion> {
  return changeRules(ctx, by, async (tx, note) => {
    const before = existing(await store.lockPromotion(tx, id), 'promotion', by);
    const content = changedPromotion(before, change);
    const { used } = before;
    if (content.uses_max !== null && content.uses_max < used)
      throw refusal('promotion_used_more', `The promotion was used ${used} times.`, { used, pointer: '/uses_max' });
    await checkCounts(tx, id, content);
    const after = { id, ...content, used, version: before.version + 1 };
    await store.savePromotion(tx, after);
    await note({ ...ofPromotion(after), action: before.active === after.active ? 'changed' : after.active ? 'started' : 'ended' });
    return promotionResource(after);
  });
}

async function checkCounts(tx: Tx, id: string, { active, automatic }: PromotionContent): Promise<void> {
  const counts = await store.countPromotions(tx, id);
  checkRoom(counts.there, 1, promotionsMax);
  if (!active) return;
  checkRoom(counts.active, 1, activeMax);
  if (automatic && counts.automatic >= automaticMax)
    throw refusal('too_many_automatic_promotions', `${counts.automatic} promotions apply by themselves.`, { limit: automaticMax });
}

/** Throws `not_found`. */
export async function listCodes(
  ctx: OrdersContext,
  promotion_id: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<PromotionCodeShown[]> {
  await getPromotion(ctx, promotion_id);
  const rows = await store.listCodes(ctx.db, promotion_id, after, limit);
  return rows.map(shownCode);
}

/** Orders that are decided from now on are refused it; uses that are held stay. Throws `not_found`. */
export function withdrawCode(ctx: OrdersContext, promotion_id: string, code: string, { cause }: RuleCommand): Promise<PromotionCodeShown> {
  return ctx.db.transaction(async (tx) => {
    const at = timestamp(ctx.clock.now());
    const row = await store.withdrawCode(tx, promotion_id, codeKey(code), at);
    if (row === undefined) throw refusal('not_found', 'The promotion has no such code.');
    const shown = shownCode(row);
    // One that was withdrawn before stays as it is: nothing was done.
    if (shown.withdrawn_at === at) await noteAction(ctx, tx, { ...ofCodes(promotion_id), action: 'withdrawn', label: row.code_key }, cause);
    return shown;
  });
}

function shownCode({ code_key, uses_max, used, withdrawn_at }: store.CodeRow): PromotionCodeShown {
  return { code: code_key, uses_max, used, withdrawn_at };
}

/** Adds one code or many random ones; answers them. Codes are looked up in the database, so that no rule changes. Throws `not_found`, `code_exists`, `too_many_rules`. */
export async function createCodes(
  ctx: OrdersContext,
  promotion_id: string,
  given: WritePromotionCodes,
  { cause }: RuleCommand,
): Promise<string[]> {
  const { count, code, uses_max = null } = given;
  if ((count === undefined) === (code === undefined)) throw invalid('count', 'or code must be there, and not both');
  return ctx.db.transaction(async (tx) => {
    const { label } = existing(await store.findPromotion(tx, promotion_id), 'promotion');
    checkRoom(await store.countCodes(tx, promotion_id), count ?? 1, codesMax);
    await noteAction(ctx, tx, { ...ofCodes(promotion_id), action: 'created', label: code === undefined ? label : codeKey(code) }, cause);
    if (code !== undefined) {
      const added = await store.insertCodes(tx, promotion_id, [codeKey(code)], uses_max);
      if (added.length === 0) throw refusal('code_exists', `There is a code ${codeKey(code)} already.`, { pointer: '/code' });
      return added;
    }
    return randomCodes(ctx, tx, { promotion_id, count: count ?? 1, uses_max });
  });
}

/** A code that is there already, of 60 random bits, is made anew. */
async function randomCodes(
  { ids }: OrdersContext,
  tx: Tx,
  { promotion_id, count, uses_max }: { promotion_id: string; count: number; uses_max: number | null },
): Promise<string[]> {
  const made: string[] = [];
  while (made.length < count) {
    const keys = Array.from({ length: count - made.length }, () => randomCode(ids.secret(codeLength)));
    made.push(...(await store.insertCodes(tx, promotion_id, [...new Set(keys)], uses_max)));
  }
  return made;
}

function ofPromotion({ id, label }: { id: string; label: string }) {
  return { subject: 'promotion', subject_id: id, label } as const;
}

function ofCodes(promotion_id: string) {
  return { subject: 'promotion_codes', subject_id: promotion_id } as const;
}

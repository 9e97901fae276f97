/** What staff say about shipping. */
import { refusal, type ShippingMethod, type ShippingZone, type WriteShippingMethod, type WriteShippingZone } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { methodContent, methodResource, zoneContent } from '../domain/shipping-rules.ts';
import * as store from '../store/shipping-rules.ts';
import { changeRules, checkRoom, existing } from './change-rules.ts';

const zonesMax = 100;
const methodsMax = 1_000;

export function listShippingZones({ db }: OrdersContext, page: store.RulePage): Promise<ShippingZone[]> {
  return store.listZones(db, page);
}

/** Throws `country_unknown`, `validation_failed`, `too_many_rules`. */
export function createShippingZone(ctx: OrdersContext, given: WriteShippingZone): Promise<ShippingZone> {
  const content = zoneContent(given, ctx.rules.country_codes());
  return changeRules(ctx, async (tx) => {
    checkRoom(await store.countZones(tx), 1, zonesMax);
    const zone = { id: ctx.ids.uuid(), ...content, version: 1 };
    await store.saveZone(tx, zone);
    return zone;
  });
}

/** Throws `not_found`, `precondition_failed`, `country_unknown`, `validation_failed`. */
export function replaceShippingZone(
  ctx: OrdersContext,
  id: string,
  given: WriteShippingZone,
  if_match: string | undefined,
): Promise<ShippingZone> {
  const content = zoneContent(given, ctx.rules.country_codes());
  return changeRules(ctx, async (tx) => {
    const { version } = existing(await store.findZone(tx, id), 'shipping zone', if_match);
    const zone = { id, ...content, version: version + 1 };
    await store.saveZone(tx, zone);
    return zone;
  });
}

/** Throws `not_found`, `precondition_failed`, `shipping_zone_in_use`. */
export function deleteShippingZone(ctx: OrdersContext, id: string, if_match: string | undefined): Promise<void> {
  return changeRules(ctx, async (tx) => {
    existing(await store.findZone(tx, id), 'shipping zone', if_match);
    const methods = await store.listMethods(tx, { zone_id: id, after: undefined, skip: 0, limit: 1 });
    if (methods.length > 0) throw refusal('shipping_zone_in_use');
    await store.deleteZone(tx, id);
  });
}

export async function listShippingMethods(
  { db }: OrdersContext,
  page: store.RulePage & { zone_id: string | undefined },
): Promise<ShippingMethod[]> {
  return (await store.listMethods(db, page)).map(methodResource);
}

/** Throws `shipping_zone_unknown`, `shipping_method_exists`, `amount_invalid`, `currency_unknown`, `validation_failed`, `too_many_rules`. */
export function createShippingMethod(ctx: OrdersContext, given: WriteShippingMethod): Promise<ShippingMethod> {
  const content = methodContent(given);
  return changeRules(ctx, async (tx) => {
    checkRoom(await store.countMethods(tx), 1, methodsMax);
    await checkZone(tx, given.zone_id);
    const method = { id: ctx.ids.uuid(), ...content, version: 1 };
    await store.saveMethod(tx, method);
    return methodResource(method);
  });
}

/** Throws the same, `not_found` and `precondition_failed`. */
export function replaceShippingMethod(
  ctx: OrdersContext,
  id: string,
  given: WriteShippingMethod,
  if_match: string | undefined,
): Promise<ShippingMethod> {
  const content = methodContent(given);
  return changeRules(ctx, async (tx) => {
    const { version } = existing(await store.findMethod(tx, id), 'method of shipping', if_match);
    await checkZone(tx, given.zone_id);
    const method = { id, ...content, version: version + 1 };
    await store.saveMethod(tx, method);
    return methodResource(method);
  });
}

/** Throws `not_found`, `precondition_failed`. */
export function deleteShippingMethod(ctx: OrdersContext, id: string, if_match: string | undefined): Promise<void> {
  return changeRules(ctx, async (tx) => {
    existing(await store.findMethod(tx, id), 'method of shipping', if_match);
    await store.deleteMethod(tx, id);
  });
}

async function checkZone(tx: Tx, zone_id: string): Promise<void> {
  if (await store.findZone(tx, zone_id)) return;
  const errors = [{ pointer: '/zone_id', detail: `there is no zone ${zone_id}` }];
  throw refusal('shipping_zone_unknown', `There is no shipping zone ${zone_id}.`, { errors });
}

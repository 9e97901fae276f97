/** What staff say about shipping. */
import { refusal, type ShippingMethod, type ShippingZone, type WriteShippingMethod, type WriteShippingZone } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { methodContent, methodResource, zoneContent } from '../domain/shipping-rules.ts';
import * as store from '../store/shipping-rules.ts';
import { changeRules, checkRoom, existing, type RuleCommand } from './change-rules.ts';

const zonesMax = 100;
const methodsMax = 1_000;

export function listShippingZones({ db }: OrdersContext, page: store.RulePage): Promise<ShippingZone[]> {
  return store.listZones(db, page);
}

/** Throws `country_unknown`, `validation_failed`, `too_many_rules`. */
export function createShippingZone(ctx: OrdersContext, given: WriteShippingZone, by: RuleCommand): Promise<ShippingZone> {
  const content = zoneContent(given, ctx.rules.country_codes());
  return changeRules(ctx, by, async (tx, note) => {
    checkRoom(await store.countZones(tx), 1, zonesMax);
    const zone = { id: ctx.ids.uuid(), ...content, version: 1 };
    await store.saveZone(tx, zone);
    await note({ ...ofZone(zone), action: 'created' });
    return zone;
  });
}

/** Throws `not_found`, `precondition_failed`, `country_unknown`, `validation_failed`. */
export function replaceShippingZone(ctx: OrdersContext, id: string, given: WriteShippingZone, by: RuleCommand): Promise<ShippingZone> {
  const content = zoneContent(given, ctx.rules.country_codes());
  return changeRules(ctx, by, async (tx, note) => {
    const { version } = existing(await store.findZone(tx, id), 'shipping zone', by);
    const zone = { id, ...content, version: version + 1 };
    await store.saveZone(tx, zone);
    await note({ ...ofZone(zone), action: 'changed' });
    return zone;
  });
}

/** Throws `not_found`, `precondition_failed`, `shipping_zone_in_use`. */
export function deleteShippingZone(ctx: OrdersContext, id: string, by: RuleCommand): Promise<void> {
  return changeRules(ctx, by, async (tx, note) => {
    const zone = existing(await store.findZone(tx, id), 'shipping zone', by);
    const methods = await store.listMethods(tx, { zone_id: id, after: undefined, skip: 0, limit: 1 });
    if (methods.length > 0) throw refusal('shipping_zone_in_use');
    await store.deleteZone(tx, id);
    await note({ ...ofZone(zone), action: 'deleted' });
  });
}

export async function listShippingMethods(
  { db }: OrdersContext,
  page: store.RulePage & { zone_id: string | undefined },
): Promise<ShippingMethod[]> {
  return (await store.listMethods(db, page)).map(methodResource);
}

/** Throws `shipping_zone_unknown`, `shipping_method_exists`, `amount_invalid`, `currency_unknown`, `validation_failed`, `too_many_rules`. */
export function createShippingMethod(ctx: OrdersContext, given: WriteShippingMethod, by: RuleCommand): Promise<ShippingMethod> {
  const content = methodContent(given);
  return changeRules(ctx, by, async (tx, note) => {
    checkRoom(await store.countMethods(tx), 1, methodsMax);
    await checkZone(tx, given.zone_id);
    const method = { id: ctx.ids.uuid(), ...content, version: 1 };
    await store.saveMethod(tx, method);
    await note({ ...ofMethod(method), action: 'created' });
    return methodResource(method);
  });
}

/** Throws the same, `not_found` and `precondition_failed`. */
export function replaceShippingMethod(
  ctx: OrdersContext,
  id: string,
  given: WriteShippingMethod,
  by: RuleCommand,
): Promise<ShippingMethod> {
  const content = methodContent(given);
  return changeRules(ctx, by, async (tx, note) => {
    const { version } = existing(await store.findMethod(tx, id), 'method of shipping', by);
    await checkZone(tx, given.zone_id);
    const method = { id, ...content, version: version + 1 };
    await store.saveMethod(tx, method);
    await note({ ...ofMethod(method), action: 'changed' });
    return methodResource(method);
  });
}

/** Throws `not_found`, `precondition_failed`. */
export function deleteShippingMethod(ctx: OrdersContext, id: string, by: RuleCommand): Promise<void> {
  return changeRules(ctx, by, async (tx, note) => {
    const method = existing(await store.findMethod(tx, id), 'method of shipping', by);
    await store.deleteMethod(tx, id);
    await note({ ...ofMethod(method), action: 'deleted' });
  });
}

async function checkZone(tx: Tx, zone_id: string): Promise<void> {
  if (await store.findZone(tx, zone_id)) return;
  const errors = [{ pointer: '/zone_id', detail: `there is no zone ${zone_id}` }];
  throw refusal('shipping_zone_unknown', `There is no shipping zone ${zone_id}.`, { errors });
}

function ofZone({ id, name }: { id: string; name: string }) {
  return { subject: 'shipping_zone', subject_id: id, label: name } as const;
}

function ofMethod({ id, name }: { id: string; name: string }) {
  return { subject: 'shipping_method', subject_id: id, label: name } as const;
}

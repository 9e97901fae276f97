import type { Protection } from '../protection.ts';

const tests = ['services/orders/test/promotion-limits.test.ts'];
const kept = ['services/orders/test/promotions.test.ts'];

export const promotionsProtections: readonly Protection[] = [
  {
    name: 'orders: promotions with limits are locked while orders are granted',
    file: 'services/orders/src/store/placements.ts',
    from: '       order by id for no key update',
    to: '       order by id',
    tests,
    protects: 'Of buyers at once in two processes no customer gets a promotion more often than it allows.',
  },
  {
    name: 'orders: codes with limits are locked while orders are granted',
    file: 'services/orders/src/store/placements.ts',
    from: '       order by code_key for no key update',
    to: '       order by code_key',
    tests,
    protects: 'A code that is used up at the same moment is refused as such, and no order fails.',
  },
  {
    name: 'orders: whether a code with a limit is withdrawn is read under its lock',
    file: 'services/orders/src/store/placements.ts',
    from: 'coalesce(c.withdrawn, n.withdrawn)',
    to: 'n.withdrawn',
    tests,
    protects: 'Of a code with a limit no use is granted after its withdrawal.',
  },
  {
    name: 'orders: promotions without limits are not locked',
    file: 'services/orders/src/store/placements.ts',
    from: `         and active and (uses_max is not null or uses_per_customer is not null)
       order by id`,
    to: `         and active
       order by id`,
    tests,
    protects: 'Orders by a code without a limit never wait for each other.',
  },
  {
    name: 'orders: whatever cancels an order gives back what it used of promotions',
    file: 'services/orders/src/use-cases/advance-checkout.ts',
    from: `decision.kind === 'move' && after.status === 'cancelled'`,
    to: `decision.kind === 'move' && after.status === 'shipped'`,
    tests: kept,
    protects: 'A use of an order that was cancelled or not paid is free for others.',
  },
  {
    name: 'orders: the uses of a customer are counted where a promotion limits them',
    file: 'services/orders/src/use-cases/place-orders.ts',
    from: '  if (promotion_ids.length === 0) return [];\n',
    to: '  if (promotion_ids.length >= 0) return [];\n',
    tests,
    protects: 'A customer uses a promotion no more often than it allows, with whichever account.',
  },
  {
    name: 'orders: the uses of an erased customer are forgotten',
    file: 'services/orders/src/use-cases/erase-users.ts',
    from: '  if (blanked.length > 0)\n',
    to: '  if (blanked.length < 0)\n',
    tests: kept,
    protects: 'Nothing that stands for the address of an erased person stays.',
  },
];

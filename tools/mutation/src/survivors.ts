/**
 * Mutants that no test can tell from the original, each with the reason. What is missing here and survives fails the run; what is killed
 * now is said, and its line is to be removed.
 */

export interface ListedSurvivors {
  file: string;
  /** Names of mutants, as `npm run mutate` prints them. */
  mutants: readonly string[];
  reason: string;
}

export const listedSurvivors: readonly ListedSurvivors[] = [
  {
    file: 'services/orders/src/domain/goods.ts',
    mutants: [
      'lineTotal: condition: price > amountMinorMax / quantity → false',
      'lineTotal: arithmetic: amountMinorMax / quantity → amountMinorMax * quantity',
    ],
    reason: 'The sum is compared with the limit behind it: a product beyond what a number holds exactly is beyond the limit as well.',
  },
  {
    file: 'services/orders/src/domain/buy-get.ts',
    mutants: ['fromOtherGoods: arithmetic: bought / buy_quantity → bought * buy_quantity'],
    reason: 'Where the search begins: sets that do not fit are left out by halving.',
  },
  {
    file: 'services/orders/src/domain/cart.ts',
    mutants: [
      'mergeIntoCart: relational: left.product_id < right.product_id → left.product_id <= right.product_id',
      'isSameList: optional chain: ?. → .',
    ],
    reason: 'A product has one line among those that were added, and the two lists are equally long.',
  },
  {
    file: 'services/orders/src/domain/countries.ts',
    mutants: ["countryCodes: member: , fallback: 'none' → nothing"],
    reason: 'Where a language has no name for a country the code would stand in for it, and codes are known anyway.',
  },
  {
    file: 'services/orders/src/domain/order.ts',
    mutants: ['waits: member: completed: undefined, → nothing', 'waits: member: , cancelled: undefined → nothing'],
    reason: 'A member that is undefined is read like one that is not there; the type asks for both.',
  },
  {
    file: 'services/orders/src/domain/price-order.ts',
    mutants: ["nowhere: member: country: '', → nothing", 'nowhere: member: , postal: undefined → nothing'],
    reason: 'It stands for the place where there are no rules, and then nothing asks for one.',
  },
  {
    file: 'services/orders/src/domain/price-order.ts',
    mutants: [
      'priceOrder: condition: rules.isEmpty && offers.length === 0 → false',
      'cheapestSet: condition: offers.length > 0 && terms.rules.zones.length > 0 → true',
      'cheapestSet: logical: offers.length > 0 && terms.rules.zones.length > 0 → offers.length > 0 || terms.rules.zones.length > 0',
      'cheapestSet: relational: offers.length > 0 → offers.length >= 0',
    ],
    reason: 'Shortcuts: without offers, or without methods of shipping, the longer way comes to the same price.',
  },
  {
    file: 'services/inventory/src/domain/adjustment.ts',
    mutants: ['decideAdjustments: condition: error instanceof AppError → true', 'decideAdjustments: statement: throw error; → ;'],
    reason: 'A single adjustment throws refusals and nothing else; this is for a fault that is made later.',
  },
  {
    file: 'services/inventory/src/domain/reservation.ts',
    mutants: ['mergeLines: condition: lines.length === 1 → false'],
    reason: 'A shortcut: one line is merged to itself.',
  },
  {
    file: 'packages/postgres/src/transaction.ts',
    mutants: ['postgres: a connection in doubt is closed'],
    reason:
      'Two other guards stand behind it: a connection that is lost discards itself, and one that is not idle is closed when it is released.',
  },
];

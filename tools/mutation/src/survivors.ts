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

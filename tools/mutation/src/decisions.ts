/** The decisions that are mutated, and the tests that have to notice: what is pure and fast first, what needs a PostgreSQL after it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { rootFolder } from './run-stage.ts';
import { mutantsOf } from './source-mutants.ts';

interface DecisionTests {
  service: string;
  /** After the tests beside the decisions; those that do not load a file are left out for it. */
  later: readonly string[];
}

const decisionTests: readonly DecisionTests[] = [
  {
    service: 'orders',
    later: ['placing', 'pricing', 'parcels'].map((name) => `services/orders/test/${name}.test.ts`),
  },
  {
    service: 'inventory',
    later: ['services/inventory/test/http.test.ts', 'services/inventory/test/consumers.test.ts'],
  },
  {
    service: 'payments',
    later: ['services/payments/test/statement-effects.test.ts', 'services/payments/test/charging.test.ts'],
  },
];

/** All mutants of the files in `domain/`. */
export function decisionMutants(): Mutant[] {
  return decisionTests.flatMap(({ service, later }) => {
    const folder = `services/${service}/src/domain`;
    const files = globSync(`${folder}/*.ts`, { cwd: rootFolder })
      .map((file) => file.replaceAll('\\', '/'))
      .sort();
    const beside = files.filter((file) => file.endsWith('.test.ts'));
    return files
      .filter((file) => !beside.includes(file))
      .flatMap((file) => {
        const stages = ownFirst(file, beside)
          .concat(later)
          .map((test) => [test]);
        return mutantsOf(file, readFileSync(join(rootFolder, file), 'utf8')).map(
          ({ name, edit }): Mutant => ({ kind: 'decision', name, edit, stages }),
        );
      });
  });
}

/** The test of the same name finds most, so that the others need not run. */
function ownFirst(file: string, tests: readonly string[]): string[] {
  const own = file.replace(/\.ts$/, '.test.ts');
  return [...tests.filter((test) => test === own), ...tests.filter((test) => test !== own)];
}

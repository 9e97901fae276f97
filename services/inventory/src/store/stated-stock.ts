/** SQL of what imports have stated. */
import type { Tx } from '@souk/postgres';
import type { Statement, StatementOutcome } from '../domain/stated-stock.ts';

export type StatementKey = Pick<Statement, 'import_id' | 'product_id'>;

/** Claims statements; answers those that were not there. Waits for a transaction that claims the same ones. */
export function claimStatements(tx: Tx, statements: readonly Statement[], created_at: string): Promise<StatementKey[]> {
  const sorted = [...statements].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return tx.query<StatementKey>(
    `insert into stated_stock (import_id, product_id, mode, quantity, created_at)
     select s.*, $5 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[]) s
     on conflict (import_id, product_id) do nothing returning import_id, product_id`,
    [
      sorted.map(({ import_id }) => import_id),
      sorted.map(({ product_id }) => product_id),
      sorted.map(({ mode }) => mode),
      sorted.map(({ quantity }) => quantity),
      created_at,
    ],
  );
}

/** Gives claims back: their products are not known yet. */
export async function unclaimStatements(tx: Tx, statements: readonly StatementKey[]): Promise<void> {
  await tx.query(
    'delete from stated_stock t using unnest($1::uuid[], $2::uuid[]) s (import_id, product_id) where t.import_id = s.import_id and t.product_id = s.product_id',
    [statements.map(({ import_id }) => import_id), statements.map(({ product_id }) => product_id)],
  );
}

export async function noteOutcomes(tx: Tx, outcomes: readonly (StatementKey & { outcome: StatementOutcome })[]): Promise<void> {
  await tx.query(
    `update stated_stock t set outcome = s.outcome from unnest($1::uuid[], $2::uuid[], $3::text[]) s (import_id, product_id, outcome)
     where t.import_id = s.import_id and t.product_id = s.product_id`,
    [outcomes.map(({ import_id }) => import_id), outcomes.map(({ product_id }) => product_id), outcomes.map(({ outcome }) => outcome)],
  );
}

/** Of a statement among others. */
export function keyOf({ import_id, product_id }: StatementKey): string {
  return `${import_id} ${product_id}`;
}

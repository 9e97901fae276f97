/** SQL of facets: of matching products what is counted, and no more of them than may be read. */
import type { Database, Queryable } from '@souk/postgres';
import type { FacetRow } from '../domain/facets.ts';
import { createValues, filterConditions, type ProductFilters } from './lists.ts';
import { candidatesOfQuestion, type SearchQuestion } from './search.ts';

/** Of at most `most` products that the filters let through. */
export function facetRows(db: Queryable, filters: ProductFilters, most: number): Promise<FacetRow[]> {
  const statement = createValues();
  const conditions = filterConditions(filters, statement).join(' and ');
  return db.query<FacetRow>(
    `select p.category, p.price, p.currency, p.options from products p join product_stock s on s.product_id = p.id
     where ${conditions} limit ${statement.add(most, 'integer')}`,
    statement.values,
  );
}

/** Of what a search finds: as many as its indexes put forward. */
export function searchedFacetRows(db: Database, question: SearchQuestion, filters: ProductFilters): Promise<FacetRow[]> {
  const statement = createValues();
  const { candidates } = candidatesOfQuestion(question, filters, statement);
  return db.transaction(async (tx) => {
    // As a search does: the table must not be read from its beginning.
    await tx.query("select set_config('enable_seqscan', 'off', true)");
    return tx.finish<FacetRow>(
      `select p.category, p.price, p.currency, p.options from (${candidates}) c join products p on p.id = c.id`,
      statement.values,
    );
  });
}

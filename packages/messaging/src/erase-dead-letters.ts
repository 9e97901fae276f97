/**
 * Dead letters hold whole events, with addresses and payment tokens. When a person is erased, the dead letters that name that
 * person keep their cause and lose their content, also those which arrive later: the drain looks for erased people.
 */
import type { Tx } from '@souk/postgres';

/** Held shared by the drain and exclusively by an erasure, so that neither misses rows the other has not committed. */
const erasureLock = 7_710_003;
const idsMax = 1_000;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Blanks the dead letters of this service which name these people, now and later. Call it in the transaction of `user.deleted`. */
export async function eraseDeadLetters(tx: Tx, user_ids: readonly string[]): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${erasureLock})`);
  await tx.query('insert into erased_people (user_id) select unnest($1::uuid[]) on conflict do nothing', [user_ids]);
  await tx.query(
    `update dead_letters set body = '', detail = '', erased_at = clock_timestamp()
     where erased_at is null and exists (
       select from unnest($1::text[]) person where strpos(lower(body), person) > 0 or strpos(lower(detail), person) > 0)`,
    [user_ids.map((user_id) => user_id.toLowerCase())],
  );
}

/** Lets erasures wait until the dead letters being written in this transaction can be seen. */
export async function holdErasures(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock_shared(${erasureLock})`);
}

/** The ids in a text that may be those of people, whatever form the text has. */
export function idsIn(text: string): string[] {
  return [...new Set(text.match(uuids))].slice(0, idsMax);
}

/** What a service's own messaging tables say about one order: events that wait in the outbox, and dead letters. */
import type { Queryable } from '@souk/postgres';

export interface UnsentEventRow {
  event_id: string;
  event_type: string;
  at: string;
}

const rowsMax = 100;
/** Only the latest are searched; the text of each is looked through. */
const searchedMax = 10_000;

/** Events in the outbox whose text names the id, oldest first. */
export function unsentEventsAbout(db: Queryable, id: string): Promise<UnsentEventRow[]> {
  return db.query<UnsentEventRow>(
    `select event_id, event_type, created_at at from (select * from outbox order by event_id limit $2) o
     where strpos(body, $1) > 0 order by created_at limit ${rowsMax}`,
    [id, searchedMax],
  );
}

export interface DeadLetterAboutRow {
  id: string;
  queue: string;
  event_id: string | null;
  event_type: string | null;
  reason: string;
  attempts: number;
  died_at: string;
}

/** Dead letters whose message names the id, and those of the correlation whose message was erased; oldest first. */
export function deadLettersAbout(db: Queryable, id: string, correlation_id: string | undefined): Promise<DeadLetterAboutRow[]> {
  return db.query<DeadLetterAboutRow>(
    `select id::text, queue, event_id, event_type, reason, attempts, died_at
     from (select * from dead_letters order by id desc limit $3) l
     where strpos(body, $1) > 0 or (erased_at is not null and correlation_id = $2) order by l.id limit ${rowsMax}`,
    [id, correlation_id ?? null, searchedMax],
  );
}

/**
 * Publishes once more, from state, what changed since an instant. After a restore the messages that were on their way are
 * lost, and the databases are of different instants: what the others missed comes to them again, and each consumer makes it
 * count once by its business key.
 */
import { refusal } from '@souk/contracts';
import type { EventDraft } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { ServiceContext } from './context.ts';

export interface RepublishPage {
  /** RFC 3339. */
  since: string;
  /** Id of the last row of the page before; undefined for the first page. */
  after: string | undefined;
  limit: number;
}

/** Reads, in order of id, rows that changed since then, and says what is to be published about them; `next` is the last id, undefined at the end. */
export type Republisher<C> = (
  context: C,
  tx: Tx,
  page: RepublishPage,
) => Promise<{ drafts: readonly EventDraft[]; next: string | undefined }>;

const pageRows = 500;
const advisoryLock = 7_710_005;

interface PendingRestoration {
  finished: boolean;
  republish_since: string | null;
}

/** Publishes what `republishers` find, page by page; answers how many events there were. Two at once take turns. */
export async function republishSince<C extends ServiceContext>(
  context: C,
  republishers: readonly Republisher<C>[],
  since: string,
): Promise<number> {
  let published = 0;
  for (const republisher of republishers) {
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      context.stopping.throwIfAborted();
      after = await context.db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock($1)', [advisoryLock]);
        const { drafts, next } = await republisher(context, tx, { since, after, limit: pageRows });
        const marked = drafts.map((draft) => ({ ...draft, cause: { ...draft.cause, republished: true as const } }));
        await context.outbox.appendMissing(tx, marked);
        published += marked.length;
        return next;
      });
    }
  }
  return published;
}

/**
 * At the start of a service whose database was restored: publishes what changed since the backup's messages were on their
 * way, once. Throws `restore_unfinished` where the restore did not come to its end.
 */
export async function republishAfterRestore<C extends ServiceContext>(context: C, republishers: readonly Republisher<C>[]): Promise<void> {
  const { db, log } = context;
  const [pending] = await db.query<PendingRestoration>(
    `select finished_at is not null as finished, republish_since from restorations
     where finished_at is null or republished_at is null order by started_at desc limit 1`,
  );
  if (pending === undefined) return;
  if (!pending.finished || pending.republish_since === null)
    throw refusal('restore_unfinished', 'A restore into this database did not end; run souk restore with the same backup again.');
  const published = await republishSince(context, republishers, pending.republish_since);
  await db.query('update restorations set republished_at = clock_timestamp() where republished_at is null');
  log.info({ since: pending.republish_since, published }, 'events were published once more after a restore');
}

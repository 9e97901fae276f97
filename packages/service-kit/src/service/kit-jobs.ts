/** Timed work of services: keys in every one, the rest where there is a database. */
import { AppError } from '@souk/kernel';
import type { ProcessContext, ServiceContext } from './context.ts';
import type { Job } from './jobs.ts';

const keysEveryMs = 300_000;
const idempotencyEveryMs = 600_000;
/** Promised are 24 hours. */
const idempotencyHoursKept = 48;
const idempotencyBatchMax = 5_000;
const deadLettersEveryMs = 3_600_000;
const deadLettersBatchMax = 1_000;
const dayMs = 86_400_000;

/** A new signing key is published 15 minutes before its first use; asking every 5 finds it in time. */
export const refreshKeys: Job<Pick<ProcessContext, 'verifier'>> = {
  name: 'refresh-keys',
  every_ms: keysEveryMs,
  async run({ verifier }) {
    if (!(await verifier.refresh())) throw new AppError('keys_unavailable', 'The key set could not be fetched.');
  },
};

const forgetIdempotencyKeys: Job<ServiceContext> = {
  name: 'forget-idempotency-keys',
  every_ms: idempotencyEveryMs,
  async run({ db }) {
    const rows = await db.query<{ forgotten: number }>(
      `with old as (
         select ctid from idempotency_keys where created_at < now() - make_interval(hours => $1) limit $2 for update skip locked
       ), gone as (delete from idempotency_keys k using old where k.ctid = old.ctid returning 1)
       select count(*)::int forgotten from gone`,
      [idempotencyHoursKept, idempotencyBatchMax],
    );
    return (rows[0]?.forgotten ?? 0) === idempotencyBatchMax;
  },
};

const forgetDeadLetters: Job<ServiceContext> = {
  name: 'forget-dead-letters',
  every_ms: deadLettersEveryMs,
  async run({ messaging, clock, config, log }) {
    const forgotten = await messaging.deadLetters.forget(clock.now() - config.dead_letters_kept_days * dayMs, deadLettersBatchMax);
    if (forgotten > 0)
      log.warn({ forgotten, days: config.dead_letters_kept_days }, 'dead letters that were neither replayed nor discarded were deleted');
    return forgotten === deadLettersBatchMax;
  },
};

export const kitJobs: readonly Job<ServiceContext>[] = [refreshKeys, forgetIdempotencyKeys, forgetDeadLetters];

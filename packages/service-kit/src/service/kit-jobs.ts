/** Timed work every service has. */
import { AppError } from '@souk/kernel';
import type { ServiceContext } from './context.ts';
import type { Job } from './jobs.ts';

const keysEveryMs = 300_000;
const idempotencyEveryMs = 600_000;
/** Promised are 24 hours. */
const idempotencyHoursKept = 48;
const idempotencyBatchMax = 5_000;

/** A new signing key is published 15 minutes before its first use; asking every 5 finds it in time. */
const refreshKeys: Job<ServiceContext> = {
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

export const kitJobs: readonly Job<ServiceContext>[] = [refreshKeys, forgetIdempotencyKeys];

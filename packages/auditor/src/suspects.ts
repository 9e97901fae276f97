/**
 * What looked wrong in the first pass is looked at again, by itself. It is a violation when it is at rest and still
 * wrong: nothing of it has changed for the grace, and every message that could still change it has been handled, because
 * the outboxes and after them the queues were seen drained past its last change. What is not at rest when the audit
 * ends is a warning: nothing is proved of it, and the next audit looks again.
 */
import { dataServices, refusal } from '@souk/contracts';
import { type Clock, mapBounded, pause } from '@souk/kernel';
import type { Finding, MessagingRecord, Suspicion } from './audit-records.ts';
import type { RecordReader } from './read-records.ts';
import { hourMs } from './rules/order-records.ts';

export interface Look {
  found: Suspicion[];
  /** The last change that the records themselves name. */
  changed_at_ms: number;
  /** What would be another one if anything that is on its way had arrived. */
  state: string;
}

export interface Suspect {
  key: string;
  look(): Promise<Look>;
}

export interface JudgeOptions {
  records: RecordReader;
  clock: Clock;
  grace_ms: number;
  suspects: readonly Suspect[];
  signal?: AbortSignal;
}

const lookAgainMs = 1_000;
const looksConcurrent = 8;
/** How long after the grace suspects that never come to rest are looked at. */
const unrestMaxMs = 30_000;
const idsShownMax = 20;

interface Messaging {
  /** What was committed before this time is nowhere on its way. */
  drained_until_ms: number;
  dead_letters: boolean;
}

/** Looks at each suspect until it is right, proved wrong, or the time is over. Rejects with `shutting_down` when broken off. */
export async function judgeSuspects({
  records,
  clock,
  grace_ms,
  suspects,
  signal,
}: JudgeOptions): Promise<{ violations: Finding[]; warnings: Finding[] }> {
  const ends_at = clock.now() + grace_ms + unrestMaxMs;
  const violations: Finding[] = [];
  const seen = new Map<string, { state: string; since_ms: number }>();
  let left = [...suspects];
  while (left.length > 0) {
    if (signal?.aborted) throw refusal('shutting_down', 'The audit was broken off; nothing is proved.');
    // Asked before the looks: what is drained by now is in the records read from now on.
    const messaging = await readState(records);
    const open = await mapBounded(left, looksConcurrent, async (suspect) => {
      const look = await suspect.look();
      if (look.found.length === 0) return false;
      const now = clock.now();
      const before = seen.get(suspect.key);
      const since_ms = before?.state === look.state ? before.since_ms : now;
      seen.set(suspect.key, { state: look.state, since_ms });
      const rest = { now, grace_ms, since_ms: Math.min(since_ms, look.changed_at_ms), ...messaging };
      if (!look.found.every((one) => isProved(one, rest))) return true;
      violations.push(...look.found.filter((one) => !(one.explained_by_dead_letter && messaging.dead_letters)).map(asFinding));
      return false;
    });
    left = left.filter((_, index) => open[index]);
    if (left.length === 0 || clock.now() > ends_at) break;
    await pause(lookAgainMs, signal);
  }
  return { violations, warnings: left.length === 0 ? [] : [unrest(left)] };
}

function isProved(one: Suspicion, rest: Messaging & { now: number; grace_ms: number; since_ms: number }): boolean {
  const { now, grace_ms, since_ms, drained_until_ms } = rest;
  if (since_ms > now - grace_ms * (1 + (one.patience ?? 0))) return false;
  // Whatever holds the messages up: after an hour it is no longer on its way but lost.
  return since_ms <= drained_until_ms || since_ms <= now - hourMs;
}

function asFinding({ rule, detail, ids }: Suspicion): Finding {
  return { rule, detail, ids };
}

function unrest(left: readonly Suspect[]): Finding {
  const detail = `${left.length} orders or products look wrong and are not at rest: messages about them are on their way`;
  return { rule: 'not_at_rest', detail, ids: left.slice(0, idsShownMax).map(({ key }) => key) };
}

/**
 * Up to when everything has been handled. All outboxes are asked before all queues, so that a message that goes from one
 * to the other in between is seen in one of them.
 */
async function readState(records: RecordReader): Promise<Messaging> {
  const outboxes = await readMessaging(records);
  const queues = await readMessaging(records);
  const drained_until_ms = Math.min(
    ...outboxes.map((record) => record.outbox_drained_until_ms),
    ...queues.map((record) => record.queues_drained_until_ms),
  );
  return { drained_until_ms, dead_letters: queues.some((record) => record.dead_letters > 0) };
}

async function readMessaging(records: RecordReader): Promise<MessagingRecord[]> {
  const read = await Promise.all(
    dataServices.map(async (service) => {
      const of_service: MessagingRecord[] = [];
      for await (const page of records.pages<MessagingRecord>('messaging', service)) of_service.push(...page);
      return of_service;
    }),
  );
  return read.flat();
}

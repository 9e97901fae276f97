import { timestamp } from '@souk/kernel';
import type { OrdersContext } from '../context.ts';
import { forgetMethods as forget } from '../store/republished-orders.ts';

const batchMax = 1_000;
const dayMs = 86_400_000;
/** Ids begin with the time they were made at: 48 bits of milliseconds (RFC 9562, version 7). */
const timeDigits = 12;

/**
 * Forgets how orders were paid that were decided a while ago. Orders of the last day are looked at by their ids, which grow with
 * time; `all` looks at every order. True when there may be more.
 */
export async function forgetMethods({ db, clock, config }: OrdersContext, all: boolean): Promise<boolean> {
  const decided_before_ms = clock.now() - config.payment_method_kept_ms;
  const from_id = firstIdAt(all ? 0 : decided_before_ms - dayMs);
  const forgotten = await forget(db, { from_id, decided_before: timestamp(decided_before_ms), limit: batchMax });
  return forgotten === batchMax;
}

function firstIdAt(at_ms: number): string {
  const time = Math.max(0, at_ms).toString(16).padStart(timeDigits, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

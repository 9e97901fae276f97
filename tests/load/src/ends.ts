/** How all orders of a trial ended, and whether the books balance. */
import { mapBounded, pause } from '@souk/kernel';
import type { Platform } from './platform.ts';

const readAtOnce = 16;
const pollMs = 100;
const retryMs = 250;
const attemptsMax = 40;
const final = new Set(['confirmed', 'shipped', 'completed', 'cancelled']);

async function statusOf(gateway: string, authorization: string, order_id: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(`${gateway}/api/orders/${order_id}`, { headers: { authorization } }).catch(() => undefined);
    if (answer?.ok) return ((await answer.json()) as { status: string }).status;
    if (answer?.status === 404) return 'lost';
    if (attempt === attemptsMax) return 'unread';
    await answer?.arrayBuffer();
    await pause(retryMs);
  }
}

/** Counts of orders by status, once all are final or the time is over; with the seconds it took. */
export async function awaitEnds(
  gateway: string,
  token: string,
  order_ids: readonly string[],
  limit_ms: number,
): Promise<{ counts: Record<string, number>; seconds: number }> {
  const began = performance.now();
  const ended = new Map<string, string>();
  let open = [...order_ids];
  for (;;) {
    const statuses = await mapBounded(open, readAtOnce, (id) => statusOf(gateway, `Bearer ${token}`, id));
    open.forEach((id, index) => void ended.set(id, statuses[index] ?? 'unread'));
    open = open.filter((id) => !final.has(ended.get(id) ?? '') && ended.get(id) !== 'lost');
    if (open.length === 0 || performance.now() - began > limit_ms) break;
    await pause(pollMs);
  }
  const counts: Record<string, number> = {};
  for (const status of ended.values()) counts[status] = (counts[status] ?? 0) + 1;
  return { counts, seconds: (performance.now() - began) / 1_000 };
}

/** The last line of `souk audit`, and whether it found nothing. */
export async function auditBooks({ souk }: Platform): Promise<{ balanced: boolean; line: string }> {
  const { code, stdout, stderr } = await souk('audit');
  const text = (stdout + stderr).trim();
  return { balanced: code === 0, line: code === 0 ? (text.split('\n').at(-1) ?? '') : text };
}

/** Waits until nothing is under way any more. */
import { mapBounded, pause } from '@souk/kernel';
import type { Person } from './client.ts';
import type { History } from './history.ts';

type Say = (line: string) => void;

/** A clock that is wrong by two minutes may put off a question to the provider for as long. */
export const endsLimitMs = 180_000;
const endsPollMs = 500;
const pagesAtOnce = 4;
/** That a list may be asked for by. */
const idsMost = 100;

const waiting: ReadonlySet<string> = new Set(['pending', 'awaiting_payment']);

/** Until no order that was acknowledged waits for anything; what does not end is for the judge. */
export async function untilEnded(staff: Person, { acknowledged }: History, say: Say): Promise<void> {
  let open = acknowledged.map(({ id }) => id);
  const end = performance.now() + endsLimitMs;
  while (open.length > 0 && performance.now() < end) {
    open = (await mapBounded(pagesOf(open), pagesAtOnce, (ids) => stillOpen(staff, ids))).flat();
    if (open.length > 0) await pause(endsPollMs);
  }
  if (open.length > 0) say(`${open.length} orders have not ended: ${open.slice(0, 5).join(', ')}`);
}

/** The same for returns whose money is on its way. */
export async function untilRefunded(staff: Person, say: Say): Promise<void> {
  for (const end = performance.now() + endsLimitMs; performance.now() < end; await pause(endsPollMs)) {
    const { status, body } = await staff.send('GET', '/api/returns?state=refunding&limit=1');
    if (status === 200 && (body as unknown[]).length === 0) return;
  }
  say('refunds of returns have not ended');
}

function pagesOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / idsMost) }, (_, page) => ids.slice(page * idsMost, (page + 1) * idsMost));
}

/** What is not found is lost, and waits for nothing. */
async function stillOpen(staff: Person, ids: readonly string[]): Promise<string[]> {
  const { status, body } = await staff.send('GET', `/api/orders?ids=${ids.join(',')}&limit=${idsMost}`);
  if (status !== 200) return [...ids];
  return (body as { id: string; status: string }[]).filter((order) => waiting.has(order.status)).map(({ id }) => id);
}

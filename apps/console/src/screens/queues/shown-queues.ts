/** Which queues are shown, those first that have waited longest. */
import type { PlatformStatus } from '@souk/contracts';

export type QueueShown = PlatformStatus['queues'][number];

export const queueFilters = ['all', 'waiting', 'dead'] as const;
export type QueueFilter = (typeof queueFilters)[number];

const isIn: Readonly<Record<QueueFilter, (queue: QueueShown) => boolean>> = {
  all: () => true,
  waiting: ({ ready, attached }) => (ready ?? 0) > 0 || attached === 0,
  dead: ({ dead }) => (dead ?? 0) > 0,
};

export function shownQueues(queues: readonly QueueShown[], which: QueueFilter): QueueShown[] {
  const age = ({ oldest_age_s }: QueueShown): number => oldest_age_s ?? -1;
  return queues.filter(isIn[which]).toSorted((one, other) => age(other) - age(one) || one.queue.localeCompare(other.queue));
}

/** Where a promotion stands at a moment, and what it is worth, as the list says it. */
import type { Promotion } from '@souk/contracts';

export type PromotionState = 'draft' | 'waiting' | 'running' | 'ended';

export function stateOf(
  { active, starts_at, ends_at }: Pick<Promotion, 'active' | 'starts_at' | 'ends_at'>,
  now_ms: number,
): PromotionState {
  if (ends_at !== null && Date.parse(ends_at) <= now_ms) return 'ended';
  if (!active) return 'draft';
  return starts_at !== null && Date.parse(starts_at) > now_ms ? 'waiting' : 'running';
}

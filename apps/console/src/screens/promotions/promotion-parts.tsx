import type { Promotion } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { type PromotionState, stateOf } from './promotion-state.ts';

const tones: Readonly<Record<PromotionState, Tone>> = { draft: 'none', waiting: 'info', running: 'ok', ended: 'none' };

export const PromotionStateChip: FunctionComponent<{ promotion: Promotion }> = ({ promotion }) => {
  const { words, clock } = useDesk();
  const state = stateOf(promotion, clock.value);
  return <Chip tone={tones[state]}>{words.promotions.states[state]}</Chip>;
};

export const Worth: FunctionComponent<{ promotion: Promotion }> = ({ promotion }) => {
  const { words, formats } = useDesk();
  const { worth } = words.promotions;
  const { kind, value, currency, buy_quantity, get_quantity, get_percent } = promotion;
  if (kind === 'fixed') return <>{formats.money(value, currency ?? '')}</>;
  if (kind === 'percent') return <>{worth.percent(value)}</>;
  if (kind === 'free_shipping') return <>{worth.free_shipping}</>;
  return <>{worth.buy_get(buy_quantity ?? 0, get_quantity ?? 0, get_percent ?? 0)}</>;
};

export const Used: FunctionComponent<{ used: number; most: number | null }> = ({ used, most }) => {
  const { words, formats } = useDesk();
  return <>{most === null ? formats.count(used) : words.promotions.used_of(formats.count(used), formats.count(most))}</>;
};

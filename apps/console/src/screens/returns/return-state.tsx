import type { Return } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';

const tones: Readonly<Record<Return['state'], Tone>> = {
  requested: 'warn',
  approved: 'info',
  received: 'warn',
  refunding: 'info',
  refunded: 'ok',
  rejected: 'none',
  closed: 'none',
};

/** In the order in which a return goes through them. */
export const returnStates = Object.keys(tones) as readonly Return['state'][];

export const ReturnStateChip: FunctionComponent<{ state: Return['state'] }> = ({ state }) => (
  <Chip tone={tones[state]}>{useDesk().words.returns.states[state]}</Chip>
);

import type { Drill } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';

const tones: Readonly<Record<Drill['state'], Tone>> = {
  ending: 'bad',
  away: 'bad',
  returning: 'warn',
  recovering: 'warn',
  auditing: 'info',
  over: 'none',
  failed: 'bad',
};

export const DrillState: FunctionComponent<{ state: Drill['state'] }> = ({ state }) => {
  const { words } = useDesk();
  return <Chip tone={tones[state]}>{words.drills.states[state]}</Chip>;
};

/** In the words that the books have for it. */
export const DrillVerdict: FunctionComponent<{ verdict: Drill['verdict'] }> = ({ verdict }) => {
  const { words } = useDesk();
  if (verdict === null) return <>{words.drills.later}</>;
  return (
    <Chip tone={verdict.balanced ? 'ok' : 'bad'}>
      {verdict.balanced ? words.pills.balanced : words.pills.violations(verdict.violations.length)}
    </Chip>
  );
};

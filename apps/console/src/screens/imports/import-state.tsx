import type { ProductImport } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';

const tones: Readonly<Record<ProductImport['state'], Tone>> = {
  waiting: 'info',
  running: 'info',
  done: 'ok',
  failed: 'bad',
  cancelled: 'none',
};

export const ImportStateChip: FunctionComponent<{ state: ProductImport['state'] }> = ({ state }) => {
  const { words } = useDesk();
  return <Chip tone={tones[state]}>{words.imports.states[state]}</Chip>;
};

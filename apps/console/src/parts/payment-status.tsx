import type { Payment } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { Chip, type Tone } from './chip.tsx';

const tones: Readonly<Record<Payment['status'], Tone>> = {
  requested: 'info',
  charging: 'info',
  captured: 'ok',
  declined: 'bad',
  unknown: 'warn',
};

export const PaymentStatusChip: FunctionComponent<{ status: Payment['status'] }> = ({ status }) => {
  const { words } = useDesk();
  return <Chip tone={tones[status]}>{words.payment_status[status]}</Chip>;
};

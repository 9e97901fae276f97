import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Chip } from '../../parts/chip.tsx';
import { type OrderStatusName, statusTones } from './order-statuses.ts';

export const OrderStatusChip: FunctionComponent<{ status: OrderStatusName }> = ({ status }) => {
  const { words } = useDesk();
  return <Chip tone={statusTones[status]}>{words.order_status[status]}</Chip>;
};

import type { Delivery, Webhook } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';

const tones: Readonly<Record<Webhook['status'], Tone>> = { active: 'ok', paused: 'warn', disabled: 'bad' };
const deliveryTones: Readonly<Record<Delivery['status'], Tone>> = { pending: 'info', delivered: 'ok', failed: 'bad' };

export const WebhookStatus: FunctionComponent<{ webhook: Webhook }> = ({ webhook: { status, disabled_reason } }) => {
  const { webhooks: said } = useDesk().words;
  return (
    <>
      <Chip tone={tones[status]}>{said.status[status]}</Chip>
      {disabled_reason !== null && <span class="quiet small"> {said.disabled_for[disabled_reason]}</span>}
    </>
  );
};

export const DeliveryStatus: FunctionComponent<{ status: Delivery['status'] }> = ({ status }) => (
  <Chip tone={deliveryTones[status]}>{useDesk().words.webhooks.delivery[status]}</Chip>
);

/** Whether the services are well, and whether the books balance: always seen. */
import type { PlatformStatus } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import type { Resource } from '../live/resource.ts';
import type { Reply } from '../live/transport.ts';
import { Chip } from '../parts/chip.tsx';
import { statusTones } from '../parts/status-tones.ts';
import { addressAt } from '../router.ts';

export const Pills: FunctionComponent<{ status: Resource<Reply<PlatformStatus>> }> = ({ status }) => {
  const { words, formats, clock } = useDesk();
  const { value, state } = status.known.value;
  if (value === undefined)
    return (
      <p class="pills">
        <Chip tone="none">{state === 'failed' ? words.pills.unknown : words.loading}</Chip>
      </p>
    );
  const { services, audit, status: overall } = value.body;
  const well = services.filter((service) => service.status === 'healthy').length;
  return (
    <ul class="pills list" aria-label={words.pills.title}>
      <li>
        <a href={addressAt({ screen: '' })}>
          <Chip tone={state === 'stale' ? 'none' : statusTones[overall]}>{words.pills.services(well, services.length)}</Chip>
        </a>
      </li>
      <li>
        <a href={addressAt({ screen: 'books' })}>
          {audit === null ? (
            <Chip tone="none">{words.pills.not_audited}</Chip>
          ) : (
            <Chip tone={audit.balanced ? 'ok' : 'bad'}>
              {audit.balanced ? words.pills.balanced : words.pills.violations(audit.violations)} ·{' '}
              {formats.ago(audit.finished_at, clock.value)}
            </Chip>
          )}
        </a>
      </li>
    </ul>
  );
};

/** Whether the services are well, and whether the books balance: always seen. */
import { getStatus } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { useEntity } from '../live/use-resource.ts';
import { Chip, type Tone } from '../parts/chip.tsx';
import { addressAt } from '../router.ts';

const everyMs = 10_000;
const tones: Readonly<Record<'healthy' | 'degraded' | 'unhealthy', Tone>> = { healthy: 'ok', degraded: 'warn', unhealthy: 'bad' };

export const Pills: FunctionComponent = () => {
  const { words, formats, clock } = useDesk();
  const status = useEntity(getStatus, {}, { every_ms: everyMs });
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
          <Chip tone={state === 'stale' ? 'none' : tones[overall]}>{words.pills.services(well, services.length)}</Chip>
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

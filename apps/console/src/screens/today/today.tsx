/** What needs a person now, the worst first; and how many orders are in which state. */
import { getStatus, listStock, type PlatformStatus } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt } from '../../router.ts';
import { apiLanguage } from '../../words/api-language.ts';

const everyMs = 5_000;
const lowBelow = 10;
const lowRows = 20;
const tones: Readonly<Record<PlatformStatus['incidents'][number]['severity'], Tone>> = {
  unhealthy: 'bad',
  degraded: 'warn',
  notice: 'info',
};

export const Today: FunctionComponent = () => {
  const { words } = useDesk();
  const status = useEntity(getStatus, {}, { every_ms: everyMs });
  const low = useEntity(listStock, { query: { low_stock_below: lowBelow, limit: lowRows } }, { every_ms: everyMs });
  return (
    <>
      <h1>{words.screens.today}</h1>
      <Loaded from={status}>
        {({ body }) => (
          <>
            <Panel title={words.today.needs}>
              <Needs status={body} />
            </Panel>
            <Panel title={words.today.checkouts}>
              <Checkouts status={body} />
            </Panel>
          </>
        )}
      </Loaded>
      <Panel title={words.today.low}>
        <Loaded from={low}>
          {({ body, next_cursor }) => (
            <p>
              <a href={addressAt({ screen: 'stock' })}>{words.today.low_count(body.length, lowBelow, next_cursor !== undefined)}</a>
            </p>
          )}
        </Loaded>
      </Panel>
    </>
  );
};

const Needs: FunctionComponent<{ status: PlatformStatus }> = ({ status }) => {
  const { words, formats, clock } = useDesk();
  const letters = status.dead_letters.reduce((sum, { count }) => sum + count, 0);
  if (status.incidents.length === 0 && letters === 0) return <p>{words.today.nothing}</p>;
  return (
    <ul class="list stack">
      {status.incidents.map((incident) => (
        <li key={incident.id} class="need">
          <Chip tone={tones[incident.severity]}>{words.today.severity[incident.severity]}</Chip>
          <div>
            <strong lang={apiLanguage}>{incident.title}</strong> <span class="quiet small">{formats.ago(incident.since, clock.value)}</span>
            <p lang={apiLanguage}>{incident.detail}</p>
            {incident.command !== null && <code>{incident.command}</code>}
          </div>
        </li>
      ))}
      {letters > 0 && (
        <li class="need">
          <Chip tone="bad">{words.letters.pieces(letters)}</Chip>
          <a href={addressAt({ screen: 'dead-letters' })}>{words.today.letters}</a>
        </li>
      )}
    </ul>
  );
};

const Checkouts: FunctionComponent<{ status: PlatformStatus }> = ({ status: { checkouts } }) => {
  const { words, formats, clock } = useDesk();
  if (checkouts === null) return <p class="quiet">{words.today.unknown}</p>;
  const columns = [{ title: words.orders.status }, { title: words.today.count, is_number: true }, { title: words.today.oldest }];
  const named = (name: string): string => words.order_status[name as keyof typeof words.order_status] ?? name;
  return (
    <Table name={words.today.checkouts} columns={columns}>
      {checkouts.map(({ status, count, counted_max, oldest_at }) => (
        <tr key={status}>
          <th scope="row">
            <a href={addressAt({ screen: 'orders', query: { status } })}>{named(status)}</a>
          </th>
          <td class="number">{count >= counted_max ? words.today.at_least(formats.count(count)) : formats.count(count)}</td>
          <td>{oldest_at === null ? words.none : formats.ago(oldest_at, clock.value)}</td>
        </tr>
      ))}
    </Table>
  );
};

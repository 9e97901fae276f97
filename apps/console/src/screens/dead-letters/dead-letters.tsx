/** Dead letters of all services by cause; one group or one letter when the address names it. */
import { useSignal } from '@preact/signals';
import { type DeadLetter, getStatus, listDeadLetters } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { Ask } from '../../live/transport.ts';
import { useResource } from '../../live/use-resource.ts';
import { Rows } from '../../parts/list.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { addressAt, type Place } from '../../router.ts';
import { apiLanguage } from '../../words/api-language.ts';
import { GroupPage } from './group-page.tsx';
import { groupLetters, type LetterGroup } from './letter-groups.ts';
import { LetterPage } from './letter-page.tsx';

/** Most letters of one service that are looked at. */
const lettersMax = 100;
const everyMs = 10_000;

interface Found {
  readonly groups: readonly LetterGroup[];
  /** Services that have more than was looked at. */
  readonly cut: readonly string[];
}

/** The status counts them every few seconds; what is shown are the letters themselves. */
async function readGroups(ask: Ask, signal: AbortSignal): Promise<Found> {
  const { body: status } = await ask(getStatus, { signal });
  const services = [...new Set(status.dead_letters.map(({ service }) => service))];
  const pages = await Promise.all(
    services.map(async (name) => {
      const service = name as 'orders';
      const { body, next_cursor } = await ask(listDeadLetters, { params: { service }, query: { limit: lettersMax }, signal });
      return { service, body, is_cut: next_cursor !== undefined };
    }),
  );
  return {
    groups: pages.flatMap(({ service, body }) => groupLetters(service, body)),
    cut: pages.filter(({ is_cut }) => is_cut).map(({ service }) => service),
  };
}

export const DeadLetters: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  const { service, queue, reason } = place.query;
  const found = useResource('dead letters', readGroups, { every_ms: everyMs });
  // Kept here: the group or the letter that was replayed is gone as soon as it is read again.
  const replayed = useSignal(0);
  const changed = (count: number): Promise<void> => {
    replayed.value = count;
    return found.renew();
  };
  if (place.entry !== undefined && service !== undefined) return <LetterPage service={service} id={place.entry} changed={changed} />;
  return (
    <>
      <h1>{words.screens['dead-letters']}</h1>
      {replayed.value > 0 && <p role="status">{words.letters.replayed(replayed.value)}</p>}
      <Loaded from={found}>
        {({ groups, cut }) => {
          const group = groups.find((one) => one.service === service && one.queue === queue && one.reason === reason);
          if (group !== undefined) return <GroupPage group={group} changed={changed} />;
          return (
            <>
              {queue !== undefined && <p class="notice">{words.letters.group_gone}</p>}
              {cut.length > 0 && <p class="notice warn">{words.letters.cut(lettersMax, cut.join(', '))}</p>}
              <GroupTable groups={groups} />
            </>
          );
        }}
      </Loaded>
    </>
  );
};

const GroupTable: FunctionComponent<{ groups: readonly LetterGroup[] }> = ({ groups }) => {
  const { words, formats, clock } = useDesk();
  const { letters: said } = words;
  const oldest = (letters: readonly DeadLetter[]): string => letters.at(-1)?.died_at ?? '';
  const columns = [
    {
      title: said.cause,
      cell: ({ service, queue, reason, letters }: LetterGroup) => (
        <>
          <a href={addressAt({ screen: 'dead-letters', query: { service, queue, reason } })}>{reason.replaceAll('_', ' ')}</a>
          <div class="quiet small" lang={apiLanguage}>
            {letters[0]?.detail}
          </div>
        </>
      ),
    },
    { title: said.queue, cell: ({ queue }: LetterGroup) => queue },
    { title: said.event, cell: ({ event_types }: LetterGroup) => event_types.join(', ') },
    { title: said.count, is_number: true, cell: ({ letters }: LetterGroup) => said.pieces(letters.length) },
    { title: said.oldest, cell: ({ letters }: LetterGroup) => formats.ago(oldest(letters), clock.value) },
  ];
  return (
    <Rows
      name={words.screens['dead-letters']}
      entries={groups}
      columns={columns}
      keyOf={({ service, key }) => `${service} ${key}`}
      empty={said.empty}
    />
  );
};
